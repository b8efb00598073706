package data

import "bytes"

// A storage keeps the text of all cells, row by row, in blocks of equally many rows:
// about a quarter of a million cells each, so that growing never copies more than one
// block. A cell costs its bytes, a separator and an offset of four bytes.
type storage struct {
	cols   int
	rows   int
	shift  uint // a block holds 1<<shift rows
	blocks []cells
	bytes  int64      // of the blocks that are full
	jumps  []lineJump // ascending by row
}

// A lineJump says that from this row on, line = row + ahead.
type lineJump struct{ row, ahead int }

func newStorage(cols int) storage {
	s := storage{cols: cols}
	for cols<<(s.shift+1) <= 1<<18 && s.shift < 15 {
		s.shift++
	}
	return s
}

// open returns the block that takes the next row.
func (s *storage) open() *cells {
	if s.rows>>s.shift == len(s.blocks) {
		var next cells // the first block grows: most tables are small
		if n := len(s.blocks); n > 0 {
			next.ends = make([]uint32, 0, s.cols<<s.shift)
			last := &s.blocks[n-1]
			s.bytes += int64(cap(last.text)) + 4*int64(cap(last.ends))
			next.text = make([]byte, 0, len(last.text)+len(last.text)/16)
		}
		s.blocks = append(s.blocks, next)
	}
	return &s.blocks[len(s.blocks)-1]
}

// added counts the row whose cells were just appended to the open block.
func (s *storage) added(line int) {
	ahead := line - s.rows
	if n := len(s.jumps); n == 0 || s.jumps[n-1].ahead != ahead {
		s.jumps = append(s.jumps, lineJump{s.rows, ahead})
	}
	s.rows++
}

// memory returns the bytes that the table takes so far.
func (s *storage) memory() int64 {
	bytes := s.bytes + 16*int64(cap(s.jumps))
	if n := len(s.blocks); n > 0 {
		bytes += int64(cap(s.blocks[n-1].text)) + 4*int64(cap(s.blocks[n-1].ends))
	}
	return bytes
}

// line returns the line of the file on which a row begins.
func (s *storage) line(row int) int {
	lo, hi := 0, len(s.jumps)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; s.jumps[mid].row <= row {
			lo = mid
		} else {
			hi = mid
		}
	}
	return row + s.jumps[lo].ahead
}

// raw returns the text of a cell as it was read.
func (s *storage) raw(row, col int) []byte {
	b := &s.blocks[row>>s.shift]
	i := (row&(1<<s.shift-1))*s.cols + col
	from := uint32(0)
	if i > 0 {
		from = b.ends[i-1] + 1
	}
	return b.text[from:b.ends[i]]
}

// cell returns the text of a cell without the spaces around it and, in plain text,
// without the quotes around it.
func (s *storage) cell(row, col int, plain bool) []byte { return trimCell(s.raw(row, col), plain) }

func trimCell(text []byte, plain bool) []byte {
	if n := len(text); n > 0 && (text[0] <= ' ' || text[n-1] <= ' ' || text[0] >= 0x80 || text[n-1] >= 0x80) {
		text = bytes.TrimSpace(text) // knows the no-break space too
	}
	if plain && len(text) > 1 && text[0] == '"' {
		text = unquote(text)
	}
	return text
}

// A scanner gives the cells of a column one after the other: cell without the search
// for the block.
type scanner struct {
	blocks []cells // behind the present one
	text   []byte
	ends   []uint32
	at     int // in ends: the next cell
	col    int
	cols   int
	plain  bool
}

func (s *storage) scan(col int, plain bool) scanner {
	return scanner{blocks: s.blocks, col: col, cols: s.cols, plain: plain}
}

// next returns the next cell. There must be one.
func (s *scanner) next() []byte {
	if s.at >= len(s.ends) {
		s.text, s.ends = s.blocks[0].text, s.blocks[0].ends
		s.blocks, s.at = s.blocks[1:], s.col
	}
	from := uint32(0)
	if s.at > 0 {
		from = s.ends[s.at-1] + 1
	}
	text := s.text[from:s.ends[s.at]]
	s.at += s.cols
	return trimCell(text, s.plain)
}
