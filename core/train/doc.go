// Package train holds the Model: a network with its weights, which is compiled,
// fitted, evaluated, asked for predictions, saved and loaded.
//
// # Reproducibility
//
// A Model has one seed. Every random number comes from a stream that is named by
// purpose, layer, epoch and step (see streams.go), so that a run can be repeated,
// interrupted and resumed with the same bits, on every machine (DESIGN C1).
//
// # A step
//
// A step gathers a batch, goes forward, checks the loss, goes backward, adds the
// gradients of the penalties, clips and updates. Until the update nothing of the
// model has changed: a step that is stopped did not happen. It allocates nothing.
package train
