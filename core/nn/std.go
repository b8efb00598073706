package nn

// The options read and write themselves for core/json; these lend the same to programs
// that use encoding/json. No program that does not pays for them.

// UnmarshalJSON is ReadJSON.
func (a *Activation) UnmarshalJSON(text []byte) error { return a.ReadJSON(text) }

// MarshalJSON is WriteJSON.
func (a Activation) MarshalJSON() ([]byte, error) { return a.WriteJSON() }

// UnmarshalJSON is ReadJSON.
func (i *Initializer) UnmarshalJSON(text []byte) error { return i.ReadJSON(text) }

// MarshalJSON is WriteJSON.
func (i Initializer) MarshalJSON() ([]byte, error) { return i.WriteJSON() }

// UnmarshalJSON is ReadJSON.
func (r *Regularizer) UnmarshalJSON(text []byte) error { return r.ReadJSON(text) }

// MarshalJSON is WriteJSON.
func (r Regularizer) MarshalJSON() ([]byte, error) { return r.WriteJSON() }
