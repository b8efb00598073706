package text

// chinese is a small set of messages, written for these tests: of praise and of
// complaint, and some that are neither.
var chinese = []struct{ text, label string }{
	{"这家店的菜很好吃，服务也热情。", "好"}, {"味道不错，下次还会来！", "好"}, {"老板很热情，菜很新鲜。", "好"},
	{"环境很好，价格也不贵。", "好"}, {"点心好吃，茶也香。", "好"}, {"送得很快，包装也好。", "好"},
	{"面条好吃，汤很香。", "好"}, {"我们全家都很喜欢这里。", "好"}, {"很满意，推荐给朋友了。", "好"},
	{"店里干净，服务很好。", "好"}, {"鱼很新鲜，味道很好。", "好"}, {"ｗｉｆｉ很快，咖啡也香。", "好"},
	{"等了一个小时，太慢了。", "差"}, {"菜是冷的，不好吃。", "差"}, {"服务很差，再也不来了。", "差"},
	{"太贵了，味道也差。", "差"}, {"桌子很脏，没有人管。", "差"}, {"送来的时候已经冷了。", "差"},
	{"汤太咸，面条太硬。", "差"}, {"打了三次电话没有人接。", "差"}, {"不新鲜，吃了肚子疼。", "差"},
	{"太吵了，等位也慢。", "差"}, {"包装破了，汤都漏了。", "差"}, {"又贵又慢，不推荐。", "差"},
}

// ChineseMessages returns them as two columns.
func ChineseMessages() (texts, labels []string) {
	for _, c := range chinese {
		texts, labels = append(texts, c.text), append(labels, c.label)
	}
	return texts, labels
}
