package json

import (
	"errors"
	"math"
	"reflect"
	"strconv"
)

// Unmarshal reads a text that holds one value into what the pointer v points to.
// What it read before an error stays.
func (r Reading) Unmarshal(text []byte, v any) error {
	to := reflect.ValueOf(v)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return errors.New("json: Unmarshal wants a pointer that is not nil")
	}
	d := reader{Scanner{text: text, pause: r.Pause, next: PauseBytes}, r}
	if err := d.value(to.Elem()); err != nil {
		return err
	}
	return d.End()
}

type reader struct {
	Scanner
	Reading
}

func (r *reader) value(v reflect.Value) error {
	kind := r.Peek()
	at := r.at
	if u, ok := v.Addr().Interface().(Unmarshaler); ok {
		text, err := r.Skip()
		if err != nil {
			return err
		}
		if err := u.ReadJSON(text); err != nil {
			return r.within(err, at, kind, v.Type())
		}
		return nil
	}
	if kind == 'n' {
		if r.NullNaN && (v.Kind() == reflect.Float64 || v.Kind() == reflect.Float32) {
			v.SetFloat(math.NaN())
		} else {
			v.SetZero()
		}
		return r.literal("null")
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		return r.value(v.Elem())
	case reflect.Bool:
		if kind == 't' || kind == 'f' {
			v.SetBool(kind == 't')
			return r.literal(strconv.FormatBool(kind == 't'))
		}
	case reflect.String:
		if kind == '"' {
			text, err := r.Text()
			v.SetString(text)
			return err
		}
	case reflect.Struct:
		if kind == '{' {
			return r.object(v)
		}
	case reflect.Map:
		if kind == '{' && v.Type().Key().Kind() == reflect.String {
			return r.mapping(v)
		}
	case reflect.Slice:
		if kind == '[' {
			return r.list(v)
		}
	default:
		if kind == '0' {
			return r.number(v)
		}
	}
	if _, err := r.Skip(); err != nil { // that the text is no JSON goes before that it does not fit
		return err
	}
	return r.misfit(at, kind, "", v.Type())
}

func (r *reader) misfit(at int, kind Kind, value string, t reflect.Type) error {
	r.at = at
	e := r.fail(nil).(*Error)
	e.Kind, e.Value, e.Want = kind, value, t
	return e
}

// within places the error of an Unmarshaler.
func (r *reader) within(err error, at int, kind Kind, t reflect.Type) error {
	outer := r.misfit(at, kind, "", t).(*Error)
	if inner, ok := err.(*Error); ok {
		inner.Path = append(outer.Path, inner.Path...)
		inner.At += at
		return inner
	}
	outer.Err = err
	return outer
}

func (r *reader) object(v reflect.Value) error {
	fields := fieldsOf(v.Type())
	seen := make([]bool, len(fields))
	return r.Object(func(name string) error {
		if i := find(fields, name, r.Fold); i >= 0 {
			if seen[i] { // in two spellings
				return r.fail(ErrDuplicateName)
			}
			seen[i] = true
			return r.value(v.FieldByIndex(fields[i].index))
		}
		if r.Strict {
			e := r.fail(ErrUnknownName).(*Error)
			e.Want = v.Type()
			return e
		}
		_, err := r.Skip()
		return err
	})
}

func (r *reader) mapping(v reflect.Value) error {
	t := v.Type()
	if v.IsNil() {
		v.Set(reflect.MakeMap(t))
	}
	return r.Object(func(name string) error {
		value := reflect.New(t.Elem()).Elem()
		if err := r.value(value); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(name).Convert(t.Key()), value)
		return nil
	})
}

func (r *reader) list(v reflect.Value) error {
	if v.IsNil() {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
	v.SetLen(0)
	return r.Array(func(i int) error {
		if i == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(i + 1)
		v.Index(i).SetZero()
		return r.value(v.Index(i))
	})
}

func (r *reader) number(v reflect.Value) error {
	at := r.at
	raw, err := r.Number()
	if err != nil {
		return err
	}
	text := string(raw)
	switch t := v.Type(); v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, wrong := strconv.ParseInt(text, 10, t.Bits())
		if err = wrong; err == nil {
			v.SetInt(n)
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, wrong := strconv.ParseUint(text, 10, t.Bits())
		if err = wrong; err == nil {
			v.SetUint(n)
		}
	case reflect.Float32, reflect.Float64:
		f, wrong := strconv.ParseFloat(text, t.Bits())
		if err = wrong; err == nil {
			v.SetFloat(f)
		}
	default:
		err = strconv.ErrSyntax
		text = ""
	}
	if err != nil {
		return r.misfit(at, '0', text, v.Type())
	}
	return nil
}
