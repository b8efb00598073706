package kernel

import "unsafe"

// A product of one row costs what reading B does. In panels of PanelColumns columns, as
// many as the widest tile of a row has, each with its rows one behind the other, B is read
// from one end to the other. Columns that fill no panel stay where they are.

// PanelColumns is wasmgen's.
const PanelColumns = 32

// ColumnsInPanels returns how many of n columns lie in panels.
func ColumnsInPanels(n int) int { return n &^ (PanelColumns - 1) }

// Panels copies those columns of B[k,n] into dst, which has k·ColumnsInPanels(n) numbers.
func Panels(dst, b []float32, k, n int) {
	checkMatrix("B", b, k, n, n)
	for j := 0; j < ColumnsInPanels(n); j += PanelColumns {
		for row := range k {
			dst = dst[copy(dst, b[row*n+j:row*n+j+PanelColumns]):]
		}
	}
}

// RowPanels is GemmNN of one row, c = a·B[k,n] + bias, which may be nil, for a B that lies in
// panels as far as it fills them.
func RowPanels(ws *Workspace, n, k int, a, panels, b, bias, c []float32) {
	inside := checkPanels(n, k, a, panels, b, bias, c)
	if haveModule {
		moduleRowPanels(int32(inside), int32(k), unsafe.SliceData(a), unsafe.SliceData(panels), unsafe.SliceData(bias), unsafe.SliceData(c))
	} else {
		for j := 0; j < inside; j += PanelColumns {
			GemmNN(ws, 1, PanelColumns, k, a, k, panels[j*k:], PanelColumns, behind(bias, j), c[j:], PanelColumns, false)
		}
	}
	if inside < n {
		GemmNN(ws, 1, n-inside, k, a, k, behind(b, inside), n, behind(bias, inside), c[inside:], n, false)
	}
}

// RowPanels records RowPanels.
func (p *Program) RowPanels(ws *Workspace, n, k int, a, panels, b, bias, c []float32) {
	inside := checkPanels(n, k, a, panels, b, bias, c)
	p.put(commandRowPanels, uint32(inside), uint32(k), addressOf(a), addressOf(panels), addressOf(bias), addressOf(c))
	if inside < n {
		p.Product(ws, false, false, 1, n-inside, k, a, k, behind(b, inside), n, behind(bias, inside), c[inside:], n)
	}
}

// checkPanels panics where something is too short, and returns how many columns lie in
// panels.
func checkPanels(n, k int, a, panels, b, bias, c []float32) int {
	inside := ColumnsInPanels(n)
	checkMatrix("A", a, 1, k, k)
	checkMatrix("B in panels", panels, k, inside, inside)
	checkMatrix("B", b, k, n, n)
	checkResult(c, 1, n, n, bias)
	return inside
}

// behind is what follows the first j numbers; of nothing, nothing.
func behind(s []float32, j int) []float32 { return s[min(j, len(s)):] }
