// Package train holds the Model: a network with its weights, which is compiled,
// fitted, evaluated, asked for predictions, saved and loaded. Around it are what models
// are made with: transfer learning (Model.Cut, SetTrainable, TakeWeights),
// cross-validation, a search for hyper-parameters, and ensembles.
//
// # Reproducibility
//
// A Model has one seed. Every random number comes from a stream that is named by
// purpose, layer, epoch and step (see streams.go), so that a run can be repeated,
// interrupted and resumed with the same bits, on every machine (DESIGN C1).
//
// # A step
//
// A step has a Dataset fill a batch, goes forward, checks the loss, goes backward, adds
// the gradients of the penalties, clips and updates. Until the update nothing of the
// model has changed: a step that is stopped did not happen. It allocates nothing. What
// updates from several batches do is said in accumulate.go.
//
// # Losses
//
// A network may have several outputs, each with a loss (see head.go). The loss of a
// batch is the sum over the outputs of
//
//	lossWeight · Σ over rows and places of rowWeight · mask · loss / (rows · places)
//
// where places are the losses of one row, one for each step of a sequence for example,
// and mask is 0 where the output's mask hides a place.
package train
