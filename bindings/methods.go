package bindings

import (
	"errors"
	"reflect"
	"strings"

	"github.com/terrarium-ml/terrarium/core/json"
)

// A handler carries out a request that stands in front of everything else.
type handler func(*job) (any, error)

// handlers answer each method. Serve's goroutine calls them, with the baton.
var handlers = map[string]handler{
	MethodHello: handle(hello),

	MethodTableSamples: handle(tableSamples),
	MethodTableOpen:    handle(tableOpen),
	MethodTableProfile: handle(tableProfile),
	MethodTableRows:    handle(tableRows),
	MethodTableKind:    handle(tableKind),
	MethodTableSuggest: handle(tableSuggest),
	MethodTablePrepare: handle(tablePrepare),
	MethodTableClose:   handle(tableClose),

	MethodModelCreate:     handle(modelCreate),
	MethodModelCut:        handle(modelCut),
	MethodModelTrainable:  handle(modelTrainable),
	MethodModelCompile:    handle(modelCompile),
	MethodModelFit:        handle(modelFit),
	MethodModelEvaluate:   handle(modelEvaluate),
	MethodModelPredict:    handle(modelPredict),
	MethodModelCross:      handle(modelCrossValidate),
	MethodModelTogether:   handle(modelPredictWith),
	MethodModelTest:       handle(modelTest),
	MethodModelRow:        handle(modelRow),
	MethodModelWeights:    handle(modelWeights),
	MethodModelSetWeights: handle(modelSetWeights),
	MethodModelDigest:     handle(modelDigest),
	MethodModelSummary:    handle(modelSummary),
	MethodModelInfo:       handle(modelInfo),
	MethodModelSave:       handle(modelSave),
	MethodModelBytes:      handle(modelBytes),
	MethodModelWasm:       handle(modelWasm),
	MethodModelLoad:       handle(modelLoad),
	MethodModelOpen:       handle(modelOpen),
	MethodModelTake:       handle(modelLoadWeights),
	MethodModelDispose:    handle(modelDispose),
	MethodModelFindRate:   handle(modelFindRate),

	MethodStoreList:   handle(storeList),
	MethodStoreRemove: handle(storeRemove),
	MethodStoreBytes:  handle(storeBytes),
	MethodStoreUsage:  handle(storeUsage),
	MethodStoreWipe:   handle(storeWipe),
}

// handle makes a handler of a function on decoded params.
func handle[P any](f func(j *job, p P) (any, error)) handler {
	return func(j *job) (any, error) {
		var p P
		if len(j.params) > 0 {
			if err := Decode(j.params, &p); err != nil {
				return nil, describeDecoding(j.method, reflect.TypeFor[P](), err)
			}
		}
		return f(j, p)
	}
}

// maxShown is the longest value that is worth repeating in an error.
const maxShown = 40

// describeDecoding says in a sentence why params do not decode.
func describeDecoding(method string, params reflect.Type, err error) error {
	_, short, _ := strings.Cut(method, ".")
	var wrong *json.Error
	if !errors.As(err, &wrong) || wrong.Want == nil {
		return paramsErrorf("%s: %v", method, err)
	}
	at := strings.Join(wrong.Path, "/")
	if errors.Is(err, json.ErrUnknownName) {
		return paramsErrorf("%s: unknown option %q; known are %s", short, at, strings.Join(memberNames(params), ", "))
	}
	got := wrong.Value
	if got == "" || len(got) > maxShown {
		got = "a JSON " + wrong.Kind.String()
	}
	if at == "" {
		return paramsErrorf("%s: want an object of options, got %s", short, got)
	}
	return paramsErrorf("%s: option %q: want %s, got %s", short, at, plainType(wrong.Want), got)
}

// memberNames lists the JSON names of a struct's fields.
func memberNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous {
			names = append(names, memberNames(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// plainType names a type of Go as a user of JavaScript would.
func plainType(t reflect.Type) string {
	if t == nil {
		return "another value"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return plainType(t.Elem())
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "a whole number"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}
