package bindings

// PlayParams begins a game on the plane: points of two classes, and a network of dense
// layers that is shown features of them. It becomes a model, which model.dispose ends.
type PlayParams struct {
	Points       Tensor   `json:"points"`   // [n, 3]: x, y, class 0 or 1
	Tests        int      `json:"tests"`    // how many of them, the last ones, are kept aside
	Features     []string `json:"features"` // of toy.Features
	Hidden       []int    `json:"hidden"`   // units of each hidden layer
	Activation   string   `json:"activation"`
	Optimizer    string   `json:"optimizer"`
	LearningRate float64  `json:"learningRate"`
	L2           float64  `json:"l2,omitzero"`
	BatchSize    int      `json:"batchSize"`
	Seed         *int64   `json:"seed"`
}

// PlayStepParams trains for some epochs, 0 too, and asks what the network sees then.
type PlayStepParams struct {
	Model  int `json:"model"`
	Epochs int `json:"epochs"`
	Side   int `json:"side"` // of the picture of the answer, 8 … 256 pixels
	Tile   int `json:"tile"` // of the pictures of hidden units; 0: none are wanted
}

// PlayStepResult is how the game stands. A buffer has the pictures one behind the other,
// four bytes a pixel, y upwards: the answer, then every feature, then every hidden unit,
// layer by layer.
type PlayStepResult struct {
	Epoch  int  `json:"epoch"` // that were trained in all
	Logs   Logs `json:"logs"`  // loss, acc; with test points val_loss, val_acc
	Buffer int  `json:"buffer"`
}
