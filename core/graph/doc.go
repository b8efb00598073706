// Package graph computes. A Graph is a list of operations on values, in the order
// in which they were added; a Plan makes it runnable: it decides what has to be
// computed, lays every activation and gradient into one arena, and runs forward
// and backward without a heap allocation.
//
// # Shapes
//
// A batched value has one row a sample; its Shape is the shape of one row, so that
// shapes do not mention the batch. A value that is not batched (a parameter) has
// its whole shape. An operation's result is batched if one of its inputs is.
//
// # Rules for operations
//
//   - Forward and Backward write their results with "=", never "+=": where a value
//     is used twice, the plan adds the two gradients up.
//   - Backward fills DIn[i] where it is not nil. Nobody needs the others.
//   - Neither allocates, and neither keeps anything but what Aux holds: an
//     operation is a description that many plans may share.
//   - The arithmetic follows DESIGN's contract C1 (see internal/kernel): the same
//     bits on every machine, for every number of rows.
package graph
