package bindings

// kindSet is the kind of a stored training set. Its name is keptName of its fingerprint.
const kindSet = "set"

// keptPrefix begins the names of stored training sets; models cannot be called so.
const keptPrefix = "set/"

// apart parts what is stored into models and kept sets.
func apart(all []StoredModel) (models, sets []StoredModel) {
	models = []StoredModel{}
	for _, r := range all {
		if r.Kind == kindSet {
			sets = append(sets, r)
		} else {
			models = append(models, r)
		}
	}
	return models, sets
}

// forgetSets removes the kept sets that no stored model or checkpoint refers to.
func forgetSets(store Store) error {
	all, err := store.List()
	if err != nil {
		return err
	}
	models, sets := apart(all)
	used := map[string]bool{}
	for _, m := range models {
		used[m.Data] = true
	}
	for _, s := range sets {
		if !used[s.Data] {
			if err := store.Remove(s.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// storeWipe removes everything that is stored.
func storeWipe(j *job, _ Empty) (any, error) {
	store := j.engine.host.Store
	return Empty{}, j.outside(func() error {
		all, err := store.List()
		if err != nil {
			return err
		}
		for _, r := range all {
			if err := store.Remove(r.Name); err != nil {
				return err
			}
		}
		return nil
	})
}
