package nn

import (
	"sync"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// customClasses are those of Register.
var customClasses struct {
	sync.Mutex
	decode map[string]func(json.RawMessage) (Layer, error) // by folded name
}

// Register makes the layers of another package readable: decode makes one from what its
// Config wrote, under the class name that its ClassName returns. Without it a network
// of such layers can be trained and saved, but not loaded. Register fails for a class
// that there is already; it is best called from an init function.
func Register(class string, decode func(config json.RawMessage) (Layer, error)) error {
	if class == "" || decode == nil {
		return tensor.Errorf(tensor.CodeOption, "a layer is registered with the name of its class and a function that reads it")
	}
	for own := range layerClasses {
		if fold(own) == fold(class) {
			return tensor.Errorf(tensor.CodeOption, "a layer class %q is built in; choose another name", own)
		}
	}
	customClasses.Lock()
	defer customClasses.Unlock()
	if _, taken := customClasses.decode[fold(class)]; taken {
		return tensor.Errorf(tensor.CodeOption, "a layer class %q is registered already", class)
	}
	if customClasses.decode == nil {
		customClasses.decode = map[string]func(json.RawMessage) (Layer, error){}
	}
	customClasses.decode[fold(class)] = decode
	return nil
}

// customLayer returns how a registered class is read, or nil.
func customLayer(class string) func(json.RawMessage) (Layer, error) {
	customClasses.Lock()
	defer customClasses.Unlock()
	return customClasses.decode[fold(class)]
}
