// Package nn describes networks as users name them: layers, activations, losses,
// initialisers and regularisers, with Keras's names, options and defaults.
//
// A layer is a description. It computes nothing itself: Lower writes it as a few
// operations and weights into a graph, and everything else (shapes, gradients,
// memory, code) follows from the graph. A new layer is one file here, an entry in
// the table of class names in config.go and, only if no operation serves, one file
// in package graph.
package nn
