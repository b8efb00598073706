package page

// A warden is what a browser can do about storage and connections beyond what every Screen
// can. Its methods that wait are called beside everything else.
type warden interface {
	Present(id string) bool           // the page has a place of that id
	Persist() bool                    // waits: asks the browser not to clear this site's storage
	Recall(key string) string         // a setting that was remembered
	Remember(key, value string)       // in this browser; where that is refused, it is forgotten
	Requests() (made, refused int)    // since the page runs
	OnRequest(changed func())         // hears of each
	Offline() bool                    // waits: the site's files are kept for work offline
	GoOffline() error                 // waits until they are
	Forget() error                    // waits: removes what the site keeps beside models: files, settings
	DownloadPage(name, markup string) // offers a page as a file
}
