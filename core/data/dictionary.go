package data

// maxWords is how many different words are told apart; a column with more is not a
// category that a table model could use whole.
const maxWords = 2000

// A dictionary is the different words of a column, in order of appearance.
type dictionary struct {
	words  []string
	counts []int
	hashes []uint64
	slots  []int32 // open addressing: a word's place plus 1; 0 is an empty slot
	code   []int32 // of each row: its word's place, or one of these
}

const (
	noWord  = -1 // the cell is missing
	noPlace = -2 // it is no word, or one for which there was no place
)

// newDictionary returns one without words for so many rows. It takes over the memory
// of old, unless that is nil.
func newDictionary(old *dictionary, rows int) *dictionary {
	if old == nil {
		return &dictionary{code: make([]int32, rows)}
	}
	clear(old.slots)
	*old = dictionary{words: old.words[:0], counts: old.counts[:0], hashes: old.hashes[:0], slots: old.slots, code: old.code}
	return old
}

// find returns the place of a word; -1 where it is new.
func (d *dictionary) find(word []byte, hash uint64) int {
	if len(d.slots) == 0 {
		return -1
	}
	mask := uint64(len(d.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		k := int(d.slots[i]) - 1
		if k < 0 || d.hashes[k] == hash && d.words[k] == string(word) {
			return k
		}
	}
}

// add gives a new word a place, and counts it once; -1 where there is none left.
func (d *dictionary) add(word []byte, hash uint64) int {
	k := len(d.words)
	if k == maxWords {
		return -1
	}
	d.words, d.counts, d.hashes = append(d.words, string(word)), append(d.counts, 1), append(d.hashes, hash)
	if 2*k >= len(d.slots) {
		d.slots = make([]int32, max(64, 2*len(d.slots)))
		for i := range k {
			d.occupy(i)
		}
	}
	d.occupy(k)
	return k
}

func (d *dictionary) occupy(k int) {
	mask := uint64(len(d.slots) - 1)
	i := d.hashes[k] & mask
	for d.slots[i] != 0 {
		i = (i + 1) & mask
	}
	d.slots[i] = int32(k + 1)
}

// bytes returns the memory that it takes, or a little less.
func (d *dictionary) bytes() int {
	n := 4*len(d.code) + 4*len(d.slots) + 32*len(d.words)
	for _, w := range d.words {
		n += len(w)
	}
	return n
}
