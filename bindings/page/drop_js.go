package page

import (
	"syscall/js"
)

// maxDropped bounds how many files of dropped folders are taken.
const maxDropped = 200_000

// folders returns what was dropped, where a folder is among it; nil where only files were.
// It must be called while the event is under way: afterwards the list is empty.
func folders(transfer js.Value) []js.Value {
	items := transfer.Get("items")
	if !items.Truthy() {
		return nil
	}
	var entries []js.Value
	found := false
	for i := range items.Length() {
		item := items.Index(i)
		if item.Get("kind").String() != "file" || item.Get("webkitGetAsEntry").Type() != js.TypeFunction {
			continue
		}
		if entry := item.Call("webkitGetAsEntry"); entry.Truthy() {
			entries = append(entries, entry)
			found = found || entry.Get("isDirectory").Bool()
		}
	}
	if !found {
		return nil
	}
	return entries
}

// walk lists all files in and below entries, with their paths. What cannot be read is left
// out. It waits, and so must not run within an event.
func walk(entries []js.Value) []File {
	var out []File
	for len(entries) > 0 && len(out) < maxDropped {
		entry := entries[0]
		entries = entries[1:]
		if entry.Get("isFile").Bool() {
			if f, ok := answered(func(yes, no js.Func) { entry.Call("file", yes, no) }); ok {
				out = append(out, File{Name: f.Get("name").String(), Path: entry.Get("fullPath").String(), Size: int64(f.Get("size").Float()), Handle: f})
			}
			continue
		}
		reader := entry.Call("createReader")
		for { // a browser lists a hundred at a time
			batch, ok := answered(func(yes, no js.Func) { reader.Call("readEntries", yes, no) })
			if !ok || batch.Length() == 0 {
				break
			}
			for i := range batch.Length() {
				entries = append(entries, batch.Index(i))
			}
		}
	}
	return out
}
