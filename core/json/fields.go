package json

import (
	"reflect"
	"strings"
	"sync"
)

// A field is a struct's field as a member of an object.
type field struct {
	name      string
	folded    string
	index     []int
	omitEmpty bool
	omitZero  bool
}

var (
	fieldsLock  sync.Mutex
	fieldsKnown = map[reflect.Type][]field{}
)

// fieldsOf lists the members of a struct type, those of embedded structs where these
// stand. A name of the outer struct hides that of an embedded one.
func fieldsOf(t reflect.Type) []field {
	fieldsLock.Lock()
	defer fieldsLock.Unlock()
	list, ok := fieldsKnown[t]
	if !ok {
		list = collect(t, nil)
		fieldsKnown[t] = list
	}
	return list
}

func collect(t reflect.Type, index []int) []field {
	var own, all []field
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(index[:len(index):len(index)], i)
		tag := f.Tag.Get("json")
		if f.Anonymous && f.Type.Kind() == reflect.Struct && tag == "" {
			all = append(all, collect(f.Type, at)...)
			continue
		}
		if !f.IsExported() || tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		member := field{name: name, folded: fold(name), index: at,
			omitEmpty: options == "omitempty", omitZero: options == "omitzero"}
		own, all = append(own, member), append(all, member)
	}
	list := all[:0:0]
	for _, f := range all {
		if len(f.index) == len(index)+1 || find(own, f.name, false) < 0 {
			list = append(list, f)
		}
	}
	return list
}

// find returns the place of a name, or -1.
func find(list []field, name string, folding bool) int {
	for i := range list {
		if list[i].name == name {
			return i
		}
	}
	if folding {
		name = fold(name)
		for i := range list {
			if list[i].folded == name {
				return i
			}
		}
	}
	return -1
}

// fold makes spellings equal: kernel_initializer and kernelInitializer.
func fold(name string) string {
	b := make([]byte, 0, len(name))
	for _, c := range []byte(name) {
		switch {
		case c == '_' || c == '-':
			continue
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return string(b)
}

// empty is what omitempty leaves out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
