// Package text turns messages, articles and other texts into what a network learns
// from: rows of a fixed number of tokens, each a whole number.
//
//	setup := text.Suggest(texts)                          // every decision, with a reason
//	p, err := text.Prepare(texts, labels, setup, 0, nil)  // split, tokenizer trained, encoded
//	layers := p.Network()                                 // a sound first network
//	p.Tokenizer.Encode(row, "a new message")              // later: one new text
//
// A text is cleaned (Cleaning), cut into tokens (Kind), and each token is looked up:
// number 0 is padding, behind the text, and 1 stands for all that is unknown. The
// Tokenizer is trained on the training part alone, and saved with the model as the
// Config of a data.Medium of kind text.
//
// Training a tokenizer counts and compares whole numbers and bytes; where counts are
// equal the bytes decide. So the same texts give the same tokenizer on every machine
// (contract C1). What letters and digits are, and which are lower-case, say the Unicode
// tables of the Go release that builds the program.
//
// Errors are *tensor.Error with code "data", "memory", "option", "format",
// "unsupported" or "aborted".
package text
