package bindings

import (
	"errors"
	"syscall/js"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// indexedDB is the browser's Store: the database "terrarium" with two object stores
// that share their keys, the models' names. "files" has the bytes, "records" what the
// list shows, so that listing reads no files. A model is written in one transaction:
// a tab that is closed in the middle leaves what was there before.
type indexedDB struct {
	db     js.Value // undefined while closed
	unhear []func() // remove the database's listeners
}

var _ Store = (*indexedDB)(nil)

const (
	dbName    = "terrarium"
	dbVersion = 1
	dbFiles   = "files"
	dbRecords = "records"
)

func newIndexedDB() *indexedDB { return &indexedDB{} }

// open connects to the database, and makes it the first time.
func (s *indexedDB) open() error {
	if !s.db.IsUndefined() {
		return nil
	}
	var factory, request js.Value
	err := try(func() {
		// By Reflect, because a getter that throws would end the program.
		if factory = js.Global().Get("Reflect").Call("get", js.Global(), "indexedDB"); factory.Type() == js.TypeObject {
			request = factory.Call("open", dbName, dbVersion)
		}
	})
	if err == nil && factory.Type() != js.TypeObject {
		err = errors.New("there is no indexedDB")
	}
	if err != nil {
		return storageError(err)
	}
	defer listen(request, "upgradeneeded", func(js.Value) {
		db := request.Get("result")
		db.Call("createObjectStore", dbFiles)
		db.Call("createObjectStore", dbRecords)
	})()
	if err := outcome(request, "success", "error", "blocked"); err != nil {
		return storageError(err)
	}
	s.db = request.Get("result")
	// Another tab may want to upgrade or delete the database, and the browser may
	// close it: the next use opens it again.
	leave := func(js.Value) { s.leave() }
	s.unhear = []func(){listen(s.db, "versionchange", leave), listen(s.db, "close", leave)}
	return nil
}

func (s *indexedDB) leave() {
	for _, remove := range s.unhear {
		remove()
	}
	s.db.Call("close")
	s.db, s.unhear = js.Undefined(), nil
}

// transact opens a transaction, lets f make its requests, all at once, and waits
// until everything is stored or nothing is.
func (s *indexedDB) transact(mode string, f func(files, records js.Value)) error {
	if err := s.open(); err != nil {
		return err
	}
	var tx js.Value
	err := try(func() {
		tx = s.db.Call("transaction", js.ValueOf([]any{dbFiles, dbRecords}), mode)
		f(tx.Call("objectStore", dbFiles), tx.Call("objectStore", dbRecords))
	})
	if err == nil {
		err = outcome(tx, "complete", "abort")
	}
	if err != nil {
		return storageError(err)
	}
	return nil
}

func (s *indexedDB) Put(r StoredModel, file []byte) error {
	record, err := Encode(r)
	if err != nil {
		return err
	}
	bytes := js.Global().Get("Uint8Array").New(len(file))
	js.CopyBytesToJS(bytes, file)
	return s.transact("readwrite", func(files, records js.Value) {
		files.Call("put", bytes, r.Name)
		records.Call("put", string(record), r.Name)
	})
}

func (s *indexedDB) Get(name string) ([]byte, error) {
	var request js.Value
	if err := s.transact("readonly", func(files, _ js.Value) { request = files.Call("get", name) }); err != nil {
		return nil, err
	}
	bytes := request.Get("result")
	if bytes.IsUndefined() {
		return nil, notStored(name)
	}
	file := make([]byte, bytes.Get("length").Int())
	js.CopyBytesToGo(file, bytes)
	return file, nil
}

func (s *indexedDB) List() ([]StoredModel, error) {
	var request js.Value
	if err := s.transact("readonly", func(_, records js.Value) { request = records.Call("getAll") }); err != nil {
		return nil, err
	}
	list := request.Get("result")
	models := make([]StoredModel, 0, list.Length())
	for i := range list.Length() {
		var r StoredModel
		if v := list.Index(i); v.Type() == js.TypeString && Decode([]byte(v.String()), &r) == nil {
			models = append(models, r)
		}
	}
	return models, nil
}

func (s *indexedDB) Remove(name string) error {
	var count js.Value
	err := s.transact("readwrite", func(files, records js.Value) {
		count = files.Call("count", name)
		files.Call("delete", name)
		records.Call("delete", name)
	})
	if err == nil && count.Get("result").Int() == 0 {
		return notStored(name)
	}
	return err
}

func (s *indexedDB) Usage() (UsageResult, error) {
	var r UsageResult
	if err := s.open(); err != nil {
		r.Refused = err.Error()
		return r, nil
	}
	storage := js.Global().Get("navigator").Get("storage")
	if storage.IsUndefined() { // not a secure context
		return r, nil
	}
	if estimate, err := await(storage.Call("estimate")); err == nil {
		r.Usage, r.Quota = number(estimate.Get("usage")), number(estimate.Get("quota"))
	}
	if persisted, err := await(storage.Call("persisted")); err == nil {
		r.Persisted = persisted.Truthy()
	}
	return r, nil
}

func number(v js.Value) int64 {
	if v.Type() != js.TypeNumber {
		return 0
	}
	return int64(v.Float())
}

// outcome waits for the first of some events; all but the first mean failure.
func outcome(target js.Value, events ...string) error {
	happened := make(chan string, 1)
	for _, event := range events {
		defer listen(target, event, func(js.Value) {
			select {
			case happened <- event:
			default: // something else was first
			}
		})()
	}
	event := <-happened
	if event == events[0] {
		return nil
	}
	if err := target.Get("error"); err.Type() == js.TypeObject {
		return js.Error{Value: err}
	}
	return js.Error{Value: js.Global().Get("Error").New(event)}
}

// storageError says what the browser did, and what the user can do.
func storageError(err error) error {
	name, text := "", err.Error()
	if thrown, ok := err.(js.Error); ok {
		if v := thrown.Value.Get("name"); v.Type() == js.TypeString {
			name = v.String()
		}
		if v := thrown.Value.Get("message"); v.Type() == js.TypeString {
			text = name + ": " + v.String()
		}
	}
	if name == "QuotaExceededError" {
		return tensor.Errorf(tensor.CodeQuota, "the browser's storage for this site is full; delete stored models, or download this one as a file")
	}
	return tensor.Errorf(tensor.CodeQuota, "the browser does not store anything for this site, as in some private windows and where storage is blocked (%s); download the model as a file instead", text)
}
