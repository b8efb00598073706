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

// RowPanels is GemmNN of one row with those columns: c = a·B + bias, which may be nil.
func RowPanels(ws *Workspace, n, k int, a, panels, bias, c []float32) {
	n = ColumnsInPanels(n)
	checkPanels(n, k, a, panels, bias, c)
	if haveModule {
		moduleRowPanels(int32(n), int32(k), unsafe.SliceData(a), unsafe.SliceData(panels), unsafe.SliceData(bias), unsafe.SliceData(c))
		return
	}
	for j := 0; j < n; j += PanelColumns {
		part := bias
		if bias != nil {
			part = bias[j:]
		}
		GemmNN(ws, 1, PanelColumns, k, a, k, panels[j*k:], PanelColumns, part, c[j:], PanelColumns, false)
	}
}

// RowPanels records RowPanels.
func (p *Program) RowPanels(n, k int, a, panels, bias, c []float32) {
	n = ColumnsInPanels(n)
	checkPanels(n, k, a, panels, bias, c)
	p.put(commandRowPanels, uint32(n), uint32(k), addressOf(a), addressOf(panels), addressOf(bias), addressOf(c))
}

func checkPanels(n, k int, a, panels, bias, c []float32) {
	checkMatrix("A", a, 1, k, k)
	checkMatrix("B", panels, k, n, n)
	checkResult(c, 1, n, n, bias)
}
