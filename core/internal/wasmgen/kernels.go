package wasmgen

import (
	"maps"
	"slices"
)

// Version is the value of the kernel module's global "version": of what its exports
// take and do. The engine leaves a module of another version alone.
const Version = 4

// Kernels returns the engine's own kernel module: the exports gemm (see GemmSpace and
// doc.go), rowPanels, gather, lstm and lstmGrad, those of elementwise, writeRows, writeFinite and writeGatherRows,
// run, which calls them one after another (see CommandSize), and version. It imports the memory that it works in as
// "env" "memory", keeps nothing in it and has no state.
//
// Counts and addresses are i32, scalars f32. Nothing is checked: the caller vouches
// for every length.
func Kernels() []byte { return kernels(plan) }

func kernels(p gemmPlan) []byte {
	m := &Module{}
	m.ImportMemory("env", "memory", 1)
	NewGlobal(m, false, I32Const(Version)).Export("version")
	exports := map[string]*Func{"gemm": p.write(m), "gather": gather(m), "finite": writeFinite(m), "gatherRows": writeGatherRows(m),
		"rowPanels": p.row.panelRow(m),
		"lstm":      lstm(m), "lstmGrad": lstmGrad(m)}
	for _, k := range elementwise {
		exports[k.name] = newArrays(m, k.arrays, k.scalars).each(k.unroll, k.body)
	}
	maps.Copy(exports, writeRows(m, exports["scale"]))
	exports["run"] = writeRun(m, exports)
	for _, name := range slices.Sorted(maps.Keys(exports)) {
		m.Export(name, exports[name])
	}
	return m.Bytes()
}
