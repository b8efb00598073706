package wasmgen

// Local is a parameter or local variable of a function.
type Local[T Value] struct {
	fn    *Func
	index uint32
}

// Param declares f's next parameter; parameters come before locals and calls.
func Param[T Value](f *Func) Local[T] {
	if len(f.locals) > 0 || len(f.body) > 0 {
		panic("wasmgen: parameter after a local or a statement")
	}
	f.params = append(f.params, typeOf[T]())
	return Local[T]{f, uint32(len(f.params) - 1)}
}

// NewLocal declares a variable of f, at first 0.
func NewLocal[T Value](f *Func) Local[T] {
	f.locals = append(f.locals, typeOf[T]())
	return Local[T]{f, uint32(len(f.params) + len(f.locals) - 1)}
}

// Get is the variable's value (local.get).
func (l Local[T]) Get() T {
	return T(expr{&written{fn: l.fn, code: appendUint([]byte{0x20}, l.index)}})
}

// Set writes the statement l = v (local.set).
func (l Local[T]) Set(v T) {
	l.fn.emit(expr(v), appendUint([]byte{0x21}, l.index)...)
}

// Tee is v, which evaluating it also assigns to l (local.tee).
func (l Local[T]) Tee(v T) T {
	if l.fn == nil || expr(v).fn != nil && expr(v).fn != l.fn {
		panic("wasmgen: operands of two functions")
	}
	x := apply[T](0x22, appendUint(nil, l.index), expr(v))
	return T(expr{&written{fn: l.fn, code: expr(x).code}})
}

// Global is a global variable of a module.
type Global[T Value] struct {
	module  *Module
	index   uint32
	mutable bool
}

// NewGlobal declares a global that begins as init, a constant.
func NewGlobal[T Value](m *Module, mutable bool, init T) Global[T] {
	if !expr(init).constant {
		panic("wasmgen: a global begins with a constant")
	}
	m.globals = append(m.globals, byte(typeOf[T]()), 0)
	if mutable {
		m.globals[len(m.globals)-1] = 1
	}
	m.globals = append(append(m.globals, expr(init).code...), opEnd)
	m.nGlobal++
	return Global[T]{m, m.nGlobal - 1, mutable}
}

// Export makes the global known to the outside as name.
func (g Global[T]) Export(name string) { g.module.export(name, kindGlobal, g.index) }

// Get is the global's value, in a function of its module (global.get).
func (g Global[T]) Get() T { return T(expr{&written{code: appendUint([]byte{0x23}, g.index)}}) }

// Set writes into f the statement g = v (global.set).
func (g Global[T]) Set(f *Func, v T) {
	if !g.mutable || f.module != g.module {
		panic("wasmgen: global cannot be set here")
	}
	f.emit(expr(v), appendUint([]byte{0x24}, g.index)...)
}
