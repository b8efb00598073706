// Package page is Terrarium's page: one view a file, written as data → description.
//
// A step of the page (data, columns, model, training, result, one row, saved models) is a
// struct with its state, a view method that describes what should be seen as a tree of
// Nodes, and handlers for the actions its controls name. None of that touches a browser:
// it is compiled and tested natively, with a fake Engine and a fake Screen. The files that
// end in _js.go bring it to life on honnef.co/go/js/dom/v2: dom_js.go turns descriptions
// into elements and patches them, events_js.go turns events into Actions (the only file
// that makes js.Funcs), client_js.go speaks to the worker, screen_js.go and run_js.go are
// the rest of the browser.
//
// The page holds no table and no weights: those stay in the worker. What crosses are
// profiles, setups, curves and answers.
package page
