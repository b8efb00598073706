// Package image turns picture files that somebody has into numbers that a network can
// learn from.
//
//	set := image.NewSet(image.Options{})
//	err := set.Add(image.File{Path: "cats/1.jpg", Data: file, Size: n}) // a picture, a zip, MNIST's files
//	p, err := set.Prepare(set.Suggest(), nil)                           // split, resized, fitted on the training part
//	err = p.Config.Encode(row, picture)                                 // later: one new picture
//
// PNG, JPEG and GIF are decoded by Go's standard library in integers, turned as their
// EXIF orientation says, laid on white where they are transparent, and made smaller by
// averaging areas in integers: the same file gives the same pixels on every machine
// (contract C1). What only a browser can decode arrives as pixels.
//
// What a file says of its size is checked before memory is taken for it; a file that
// cannot be read is named with the reason and left out, and never stops the others.
//
// Errors are *tensor.Error with code "data", "memory", "option", "format" or "aborted".
package image
