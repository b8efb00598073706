package keras

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
)

// A caller goes through a functional model, each use of a layer behind those that it
// needs.
type caller struct {
	*parser
	model   *model
	index   map[string]int
	results map[nn.LayerRef][]nn.LayerRef // of each use of a layer, in the network
	open    []nn.LayerRef                 // uses that wait for what they need
}

// visit returns a result in the network, after adding what it needs.
func (c *caller) visit(r nn.LayerRef) (nn.LayerRef, error) {
	use := nn.LayerRef{Layer: r.Layer, Use: r.Use}
	results, ok := c.results[use]
	if !ok {
		i, known := c.index[r.Layer]
		if !known {
			return r, formatErrorf("layer %q is used but not described", r.Layer)
		}
		var err error
		if results, err = c.use(c.model.layers[i], use); err != nil {
			return r, err
		}
		c.results[use] = results
	}
	switch {
	case r.Output < 0:
		return r, formatErrorf("result %d of layer %q is used", r.Output, r.Layer)
	case r.Output < len(results):
		return results[r.Output], nil
	case len(results) == 1: // a layer with several results, of which the network knows the first
		result := results[0]
		result.Output = r.Output
		return result, nil
	}
	return r, formatErrorf("model %q has %d results, but number %d is used", r.Layer, len(results), r.Output)
}

func (c *caller) use(l rawLayer, use nn.LayerRef) ([]nn.LayerRef, error) {
	for _, open := range c.open {
		if open == use {
			return nil, formatErrorf("layer %q takes its own result: the model has a cycle", l.Name)
		}
	}
	if len(c.open) > maxUses {
		return nil, formatErrorf("layers are used more than %d times", maxUses)
	}
	c.open = append(c.open, use)
	defer func() { c.open = c.open[:len(c.open)-1] }()

	in := []nn.LayerRef{}
	if len(l.Inbound) > 0 {
		if use.Use < 0 || use.Use >= len(l.Inbound) {
			return nil, formatErrorf("use %d of layer %q is asked for, of which there are %d", use.Use, l.Name, len(l.Inbound))
		}
		inbound, extra, err := inboundRefs(l.Inbound[use.Use])
		if err != nil {
			return nil, formatErrorf("layer %q: %v", l.Name, err)
		}
		for _, what := range extra {
			c.Refuse(l.Name, "%s", what)
		}
		for _, r := range inbound {
			ref, err := c.visit(r)
			if err != nil {
				return nil, err
			}
			in = append(in, ref)
		}
	}
	return c.apply(l, in)
}

// refs reads output_layers or input_layers: a list of references, or one alone.
func refs(text json.RawMessage) ([]nn.LayerRef, error) {
	var list []nn.LayerRef
	if json.Unmarshal(text, &list) == nil {
		return list, nil
	}
	var one nn.LayerRef
	if err := json.Unmarshal(text, &one); err != nil {
		return nil, formatErrorf("the model's inputs or outputs are not lists of [layer, use, result]: %.100s", text)
	}
	return []nn.LayerRef{one}, nil
}

// inboundRefs reads where the inputs of one use come from. Keras 2 and TensorFlow.js
// write a list of [layer, use, result, arguments], Keras 3 an object with positional
// and named arguments. extra says what in it cannot be done.
func inboundRefs(text json.RawMessage) (in []nn.LayerRef, extra []string, err error) {
	var object struct {
		Args   []json.RawMessage          `json:"args"`
		Kwargs map[string]json.RawMessage `json:"kwargs"`
	}
	if json.Unmarshal(text, &object) == nil {
		for _, arg := range object.Args {
			in = append(in, kerasTensors(arg)...)
		}
		named, extra := callArguments(object.Kwargs)
		return append(in, named...), extra, nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, nil, fmt.Errorf("its inbound_nodes are not a list: %.100s", text)
	}
	if len(list) > 0 && list[0][0] == '"' { // a single reference without its list
		list = []json.RawMessage{text}
	}
	for i, item := range list {
		var parts []json.RawMessage
		if err := json.Unmarshal(item, &parts); err != nil || len(parts) < 3 {
			return nil, nil, fmt.Errorf("its inbound_nodes have %.100s in place of [layer, use, result]", item)
		}
		var r nn.LayerRef
		for k, into := range []any{&r.Layer, &r.Use, &r.Output} {
			if err := json.Unmarshal(parts[k], into); err != nil {
				return nil, nil, fmt.Errorf("its inbound_nodes have %.100s in place of [layer, use, result]", item)
			}
		}
		in = append(in, r)
		if i == 0 && len(parts) > 3 {
			var named map[string]json.RawMessage
			if err := json.Unmarshal(parts[3], &named); err != nil {
				return nil, nil, fmt.Errorf("the arguments of its call are no object: %.100s", parts[3])
			}
			more, problems := callArguments(named)
			in, extra = append(in, more...), append(extra, problems...)
		}
	}
	return in, extra, nil
}

// callArguments sorts the named arguments of a call: further inputs, and those that
// cannot be done. What is null or false asks for nothing.
func callArguments(named map[string]json.RawMessage) (in []nn.LayerRef, extra []string) {
	for _, name := range []string{"value", "key"} { // in the order in which layers take them
		text := named[name]
		if tensors := kerasTensors(text); len(tensors) > 0 {
			in = append(in, tensors...)
			continue
		}
		var r nn.LayerRef
		if len(text) > 0 && string(text) != "null" && json.Unmarshal(text, &r) == nil {
			in = append(in, r)
		}
	}
	for name, text := range named {
		switch string(text) {
		case "null", "false", "{}", "[]":
			continue
		}
		if name != "value" && name != "key" && name != "training" {
			extra = append(extra, fmt.Sprintf("it is called with %s=%.60s", name, text))
		}
	}
	return in, extra
}

// kerasTensors finds Keras 3's references in an argument, in order.
func kerasTensors(text json.RawMessage) (found []nn.LayerRef) {
	var list []json.RawMessage
	if json.Unmarshal(text, &list) == nil {
		for _, item := range list {
			found = append(found, kerasTensors(item)...)
		}
		return found
	}
	var t struct {
		ClassName string `json:"class_name"`
		Config    struct {
			History *nn.LayerRef `json:"keras_history"`
		} `json:"config"`
	}
	if json.Unmarshal(text, &t) == nil && t.ClassName == "__keras_tensor__" && t.Config.History != nil {
		found = append(found, *t.Config.History)
	}
	return found
}
