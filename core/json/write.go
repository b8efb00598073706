package json

import (
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
)

// Marshal writes v.
func (w Writing) Marshal(v any) ([]byte, error) {
	e := writer{Writing: w, next: PauseBytes}
	err := e.value(reflect.ValueOf(v))
	return e.out, err
}

type writer struct {
	Writing
	out   []byte
	next  int // where to pause
	depth int
}

func (w *writer) value(v reflect.Value) error {
	if !v.IsValid() {
		w.out = append(w.out, "null"...)
		return nil
	}
	if w.depth++; w.depth > 2*MaxDepth {
		return fmt.Errorf("json: %v is nested too deep, or holds itself", v.Type())
	}
	defer func() { w.depth-- }()
	if w.Pause != nil && len(w.out) >= w.next {
		w.next = len(w.out) + PauseBytes
		w.Pause()
	}
	if isNil(v) && v.Kind() != reflect.Slice && v.Kind() != reflect.Map {
		w.out = append(w.out, "null"...)
		return nil
	}
	if m, ok := v.Interface().(Marshaler); ok {
		text, err := m.WriteJSON()
		if err != nil {
			return err
		}
		return w.raw(text)
	}
	return w.plain(v)
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return v.IsNil()
	}
	return false
}

func (w *writer) plain(v reflect.Value) (err error) {
	switch v.Kind() {
	case reflect.Bool:
		w.out = strconv.AppendBool(w.out, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.out = strconv.AppendInt(w.out, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.out = strconv.AppendUint(w.out, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return w.float(v.Float(), v.Type().Bits())
	case reflect.String:
		w.out, err = appendText(w.out, v.String(), w.Classic)
	case reflect.Pointer, reflect.Interface:
		return w.value(v.Elem())
	case reflect.Struct:
		return w.object(v)
	case reflect.Map:
		return w.mapping(v)
	case reflect.Slice:
		return w.list(v)
	default:
		err = fmt.Errorf("json: a %v cannot be written", v.Type())
	}
	return err
}

// float writes a number as JavaScript does: the shortest text, with an exponent from
// 1e21 on and below 1e-6.
func (w *writer) float(f float64, bits int) error {
	if f-f != 0 {
		if !w.NullNaN {
			return fmt.Errorf("json: %v is no number of JSON's", f)
		}
		w.out = append(w.out, "null"...)
		return nil
	}
	format, size := byte('f'), math.Abs(f)
	if size != 0 && (bits == 64 && (size < 1e-6 || size >= 1e21) || bits == 32 && (float32(size) < 1e-6 || float32(size) >= 1e21)) {
		format = 'e'
	}
	w.out = strconv.AppendFloat(w.out, f, format, -1, bits)
	if n := len(w.out); format == 'e' && n >= 4 && w.out[n-4] == 'e' && w.out[n-2] == '0' { // e-09
		w.out = append(w.out[:n-2], w.out[n-1])
	}
	return nil
}

func (w *writer) object(v reflect.Value) error {
	w.out = append(w.out, '{')
	first := true
	for _, f := range fieldsOf(v.Type()) {
		member := v.FieldByIndex(f.index)
		if f.omitZero && member.IsZero() || f.omitEmpty && empty(member) {
			continue
		}
		if err := w.member(f.name, first); err != nil {
			return err
		}
		first = false
		if err := w.value(member); err != nil {
			return err
		}
	}
	w.out = append(w.out, '}')
	return nil
}

func (w *writer) member(name string, first bool) (err error) {
	if !first {
		w.out = append(w.out, ',')
	}
	w.out, err = appendText(w.out, name, w.Classic)
	w.out = append(w.out, ':')
	return err
}

func (w *writer) mapping(v reflect.Value) error {
	if v.Type().Key().Kind() != reflect.String {
		return fmt.Errorf("json: a %v cannot be written: its keys are no text", v.Type())
	}
	if v.IsNil() && w.Classic {
		w.out = append(w.out, "null"...)
		return nil
	}
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	w.out = append(w.out, '{')
	for i, key := range keys {
		if err := w.member(key.String(), i == 0); err != nil {
			return err
		}
		if err := w.value(v.MapIndex(key)); err != nil {
			return err
		}
	}
	w.out = append(w.out, '}')
	return nil
}

func (w *writer) list(v reflect.Value) error {
	if v.IsNil() && w.Classic {
		w.out = append(w.out, "null"...)
		return nil
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return fmt.Errorf("json: bytes travel beside JSON, not as %v", v.Type())
	}
	w.out = append(w.out, '[')
	for i := range v.Len() {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.value(v.Index(i)); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return nil
}

// raw writes what stands in a text already, without its space.
func (w *writer) raw(text []byte) error {
	s := NewScanner(text)
	if _, err := s.Skip(); err != nil {
		return err
	}
	if err := s.End(); err != nil {
		return err
	}
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			w.out = append(w.out, c, text[i+1])
			i++
		case c == '"':
			quoted = !quoted
			w.out = append(w.out, c)
		case quoted && w.Classic:
			w.out = appendClassic(w.out, text, i)
		case quoted || c > ' ':
			w.out = append(w.out, c)
		}
	}
	return nil
}
