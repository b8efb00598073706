//go:build !engine

package bindings

import "github.com/terrarium-ml/terrarium/core/data/image"

// ImagesParams opens a set of pictures, or with Table adds to an open one. Classes are
// the folders of the files' paths unless Class says otherwise. Files that cannot be used
// are listed in the profile and are no error.
type ImagesParams struct {
	Table   int            `json:"table,omitzero"`
	Class   string         `json:"class,omitzero"` // of all that is added, in place of folders
	Files   []ImageFile    `json:"files,omitzero"`
	Pixels  []ImagePixels  `json:"pixels,omitzero"`
	Drawing []image.Stroke `json:"drawing,omitzero"` // one picture, drawn; Class is its class
	Sample  string         `json:"sample,omitzero"`  // one of ImageSamplesResult's names
}

// An ImageFile is a file that was chosen or dropped: a picture, a zip, MNIST's files, a
// CSV of pixels.
type ImageFile struct {
	Path string `json:"path"` // with the folders in which it lay
	Blob int    `json:"blob"` // index of the message's blobs
}

// ImagePixels are pixels that the browser decoded: red, green, blue and opacity, one byte
// each, not multiplied.
type ImagePixels struct {
	Name   string `json:"name"` // or the path, as of an ImageFile
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Buffer int    `json:"buffer"`
}

// ImagesInfo is a set of pictures that is open in the engine. Table is its id, which
// model.create, model.fit, model.test and table.close take as that of a table.
type ImagesInfo struct {
	Table   int           `json:"table"`
	Profile image.Profile `json:"profile"`
	Setup   image.Setup   `json:"setup"` // what is suggested
}

// ImageSamplesResult lists the generated sets of pictures.
type ImageSamplesResult struct {
	Samples []image.SampleInfo `json:"samples"`
}

// ImagesEditParams changes a set; what was prepared of it stays as it was.
type ImagesEditParams struct {
	Table   int    `json:"table"`
	Remove  []int  `json:"remove,omitzero"`  // numbers of pictures
	Restore []int  `json:"restore,omitzero"` // that were removed
	Move    []int  `json:"move,omitzero"`    // into the class To
	Rename  string `json:"rename,omitzero"`  // a class, which becomes To, or a part of it
	To      string `json:"to,omitzero"`
}

// ImagesPrepareParams brings a set into the form that networks learn from.
type ImagesPrepareParams struct {
	Table int         `json:"table"`
	Setup image.Setup `json:"setup"`
}

// ImagesPrepareResult says what a set became, and suggests a network.
type ImagesPrepareResult struct {
	Prepared PrepareResult `json:"prepared"` // Defaults.Hidden is empty: Layers stand in its place
	Setup    image.Setup   `json:"setup"`
	Layers   []Layer       `json:"layers"`  // hidden ones
	Between  int           `json:"between"` // pictures of the other parts that the training part has as well
}

// ImagesPreviewParams asks for pictures to be shown.
type ImagesPreviewParams struct {
	Table    int          `json:"table"`
	Pictures []int        `json:"pictures"`         // at most MaxPreview
	Side     int          `json:"side"`             // of the squares they are fitted into, 8 … 256
	Augment  *image.Setup `json:"augment,omitzero"` // as the network may see them, each time another
}

// MaxPreview is how many pictures are shown at once.
const MaxPreview = 500

// ImagesPreviewResult is a buffer of squares, one behind the other, four bytes a pixel.
type ImagesPreviewResult struct {
	Names  []string `json:"names"` // of the files
	Buffer int      `json:"buffer"`
}

// ClassifyParams asks a model about one picture: exactly one of Blob, Pixels, Drawing and
// Table with Picture.
type ClassifyParams struct {
	Model   int            `json:"model"`
	Blob    *int           `json:"blob,omitzero"`
	Pixels  *ImagePixels   `json:"pixels,omitzero"`
	Drawing []image.Stroke `json:"drawing,omitzero"`
	Table   int            `json:"table,omitzero"`
	Picture int            `json:"picture,omitzero"`
	Side    int            `json:"side"`             // of the square in which the picture comes back
	Explain bool           `json:"explain,omitzero"` // say where it looked, as well
}

// ClassifyResult is a model's answer, the picture as the model saw it (a square of four
// bytes a pixel), and where it looked: Grid × Grid numbers, by how much the probability
// of the likeliest class falls while that part is hidden.
type ClassifyResult struct {
	Answer RowResult `json:"answer"`
	Buffer int       `json:"buffer"`
	Grid   int       `json:"grid,omitzero"`
	Looked *Tensor   `json:"looked,omitzero"`
}

// WhyPictureParams asks what each pixel of a picture adds to the answer (integrated
// gradients from a picture of one colour, its mean). The picture is given as for images.classify.
type WhyPictureParams struct {
	Picture ClassifyParams `json:"picture"`
	Steps   int            `json:"steps,omitzero"` // default 64
}

// WhyPictureResult is a number a pixel, of the picture as the network sees it.
type WhyPictureResult struct {
	Label  string  `json:"label"` // of which the probability is explained
	Values Tensor  `json:"values"`
	Answer float64 `json:"answer"` // the probability
	Blank  float64 `json:"blank"`  // and that of the even picture
	Gap    float64 `json:"gap"`    // |sum of Values − (Answer − Blank)|
}
