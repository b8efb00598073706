package train

import "github.com/terrarium-ml/terrarium/core/internal/kernel"

// An update changes the weights once, after one batch or, with
// FitConfig.Accumulate, after several. These count as one batch of all their rows:
//
//	g = Σ_j (n_j / Σn) · g_j
//
// where g_j is the gradient of the mean loss of batch j, of n_j rows. The factor is
// applied where Backward begins, to what each loss counts; the gradients of the batches
// are added up in their order. Penalties, clipping and the optimizer come once, after
// the last batch. Each batch has a stream of random numbers and statistics of its own,
// as if it were a step: in this an update from several batches differs from one of a
// large batch, apart from rounding.
//
// An update that is not completed did not happen: statistics go back as well.
type update struct {
	rows        int // of all its batches
	first, last bool
}

// plannedUpdate tells which update the batch is part of that begins at row from of an
// epoch of so many rows.
func plannedUpdate(batch, from, n, size, rows, accumulate int) update {
	k := batch % accumulate
	begin := from - k*size
	return update{rows: min(accumulate*size, rows-begin), first: k == 0, last: k == accumulate-1 || from+n == rows}
}

// addUp adds the gradients of the batches of an update.
func (t *trainer) addUp(u update) {
	grads := t.plan.Grads
	switch {
	case u.first && u.last:
	case u.first:
		copy(t.sums, grads)
	case u.last:
		kernel.Add(grads, t.sums, grads)
	default:
		kernel.Accumulate(t.sums, grads)
	}
}

// beginUpdate keeps the statistics, which each batch of an update changes.
func (m *Model) beginUpdate(r *run, u update) {
	if u.first && !u.last {
		r.statistics = append(r.statistics[:0], m.store.Values()[m.store.Trainable():]...)
		m.trainer.open = true
	}
}

// dropUpdate undoes the batches of an update that is not completed.
func (m *Model) dropUpdate(r *run) {
	if m.trainer.open {
		copy(m.store.Change()[m.store.Trainable():], r.statistics)
		m.trainer.open = false
	}
}
