package bindings

import (
	"runtime"

	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// hello compares versions and sets the engine's limits.
func hello(j *job, p HelloParams) (any, error) {
	if p.Protocol != Protocol {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "this page speaks protocol %d, the engine %d; reload the page so that both are of one version", p.Protocol, Protocol)
	}
	if p.MemoryLimit < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "memoryLimit %d must not be negative", p.MemoryLimit)
	}
	e := j.engine
	e.greeted = true
	if p.MemoryLimit > 0 {
		e.limit = min(p.MemoryLimit, DefaultLimit)
	}
	kernels := KernelsGo
	if train.HasKernelModule() {
		kernels = KernelsModule
	}
	return Capabilities{Protocol: Protocol, Version: Version, Numerics: train.NumericsVersion,
		SIMD: builtWithSIMD, Kernels: kernels, Threads: 1, Go: runtime.Version()}, nil
}

// room refuses what would take the engine above its limit. Running out of memory
// ends a Go program for good, so everything large asks here before it is allocated.
func (e *Engine) room(bytes int64, what string) error {
	if held := e.held(); held+bytes > e.limit {
		return tensor.Errorf(tensor.CodeMemory, "%s needs %s, and %s of the limit of %s are in use; close tables or models, or take fewer rows",
			what, train.FormatBytes(int(bytes)), train.FormatBytes(int(held)), train.FormatBytes(int(e.limit)))
	}
	return nil
}

// held estimates the memory of all open tables and models.
func (e *Engine) held() int64 {
	var sum int64
	for _, t := range e.tables {
		sum += t.bytes()
	}
	for _, m := range e.models {
		sum += m.bytes()
	}
	return sum
}
