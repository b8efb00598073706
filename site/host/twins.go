package host

import (
	"os"
	"sync"
	"time"

	"github.com/terrarium-ml/terrarium/site/build"
)

// twins remembers which compressed files were seen to hold what the plain ones
// hold. Reading a megabyte to be sure is cheap once and dear at every request, so an
// answer counts for as long as neither file was touched.
type twins struct {
	mu   sync.Mutex
	seen map[string]seen // by the twin's path
}

// seen is one comparison: of which states of the two files, and how it ended.
type seen struct {
	plain, twin stamp
	fresh       bool
}

// stamp tells two states of a file apart.
type stamp struct {
	size int64
	time time.Time
}

func newTwins() *twins { return &twins{seen: map[string]seen{}} }

// fresh tells whether the file's twin may be sent in its place.
func (t *twins) fresh(path string, e build.Encoding) bool {
	twin, err := os.Stat(path + e.Ending)
	if err != nil {
		return false
	}
	plain, err := os.Stat(path)
	if err != nil {
		return false
	}
	now := seen{plain: stampOf(plain), twin: stampOf(twin)}

	t.mu.Lock()
	defer t.mu.Unlock()
	if last, ok := t.seen[path+e.Ending]; ok && last.plain == now.plain && last.twin == now.twin {
		return last.fresh
	}
	now.fresh = build.Fresh(path, e)
	t.seen[path+e.Ending] = now
	return now.fresh
}

func stampOf(info os.FileInfo) stamp { return stamp{info.Size(), info.ModTime()} }
