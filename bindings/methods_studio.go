//go:build !engine

package bindings

// What only the studio asks: whoever imports terrarium.js need not download it.
func init() {
	handlers[MethodModelProfile] = handle(modelProfile)
	handlers[MethodModelSearch] = handle(modelSearch)
	handlers[MethodPlayBegin] = handle(playBegin)
	handlers[MethodPlayStep] = handle(playStep)
}
