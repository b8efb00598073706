package text

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A SampleInfo describes a generated set of texts.
type SampleInfo struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Writes      bool   `json:"writes,omitzero"` // one long text, for a model that writes
}

// A sampler writes a sample set: the rows of a table, or lines of one text.
type sampler struct {
	info   SampleInfo
	header string
	rows   int
	row    func(g *generator, i int) string
}

var samplers = []sampler{
	{SampleInfo{"messages", "Messages to a phone", "Invented English messages of friends, and among them advertising that nobody asked for, one in five. Two unequal classes.", false},
		"kind,message", 1200, messageRow},
	{SampleInfo{"kitchen", "厨房留言 (Chinese)", "Invented Chinese messages to a restaurant, of praise and of complaint. A language without spaces: every character is a token.", false},
		"评价,留言", 700, kitchenRow},
	{SampleInfo{"tales", "Small tales", "Invented tales of animals, a few thousand lines long, for a model that writes.", true}, "", 700, taleRow},
}

// Samples lists the sample sets: invented texts, always the same bytes.
func Samples() []SampleInfo {
	list := make([]SampleInfo, len(samplers))
	for i, s := range samplers {
		list[i] = s.info
	}
	return list
}

// SampleText returns a sample set: a CSV file, or one long text. It fails with code "option"
// for a name that Samples does not list.
func SampleText(name string) (string, error) {
	i := slices.IndexFunc(samplers, func(s sampler) bool { return s.info.Name == name })
	if i < 0 {
		return "", tensor.Errorf(tensor.CodeOption, "There is no sample set of texts %q. There are messages, kitchen and tales.", name)
	}
	s := samplers[i]
	var pcg rand.PCG
	kernel.Stream(&pcg, 1, "sample texts", name, 0, 0)
	g := &generator{rand.New(&pcg)}
	var b strings.Builder
	if s.header != "" {
		b.WriteString(s.header + "\n")
	}
	for i := range s.rows {
		b.WriteString(s.row(g, i) + "\n")
	}
	return b.String(), nil
}

// A generator draws phrases, the same ones on every machine. In a phrase, {name} stands for
// a phrase of that list, drawn anew each time; # for a digit.
type generator struct{ rng *rand.Rand }

func (g *generator) pick(n int) int { return int(g.rng.Uint64N(uint64(n))) }

func (g *generator) of(list []string) string { return list[g.pick(len(list))] }

// write fills a phrase in.
func (g *generator) write(phrase string, lists map[string][]string) string {
	var b strings.Builder
	for len(phrase) > 0 {
		at := strings.IndexAny(phrase, "{#")
		if at < 0 {
			b.WriteString(phrase)
			break
		}
		b.WriteString(phrase[:at])
		if phrase[at] == '#' {
			b.WriteByte('0' + byte(g.pick(10)))
			phrase = phrase[at+1:]
			continue
		}
		name, rest, _ := strings.Cut(phrase[at+1:], "}")
		b.WriteString(g.write(g.of(lists[name]), lists))
		phrase = rest
	}
	return b.String()
}

// quoted is a cell of a CSV file.
func quoted(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

var friendly = map[string][]string{
	"": {"{hey} are you coming to {place} {time}?", "{hey} can you bring {thing} {time}?", "I am at {place}, where are you?", "{sorry}, I will be late, {reason}.",
		"Did you see {thing} that {who} left at {place}?", "{who} says {place} is closed {time}. Shall we meet at {place} instead?", "Thanks for {thing}, {who} loved it {smile}",
		"{hey} call me when you are home", "I have won the argument, {who} is paying {smile}", "free {time}? we could go to {place}", "The train is stuck again. Tell {who} I am sorry",
		"Happy birthday {who}!! see you at {place} {time} {smile}", "ok", "Yes, {time} is fine", "No, I cannot, {reason}", "How did the exam go?", "{hey} my new number is 07### ######, old phone is dead",
		"Do not forget {thing}, and lock the door please", "That was the best {thing} I ever had {smile}", "lol {who} fell asleep in {place}", "Can I call you back in # minutes? {reason}"},
	"hey": {"Hey", "Hi", "hi {who},", "Hello", "oi", "Morning,", "Hey {who}!"}, "who": {"Anna", "Tom", "mum", "dad", "Priya", "Leo", "Mei", "grandma", "Jonas", "my sister", "the boss"},
	"place": {"the library", "the cafe", "the station", "school", "the park", "home", "Tom's place", "the cinema", "the market", "work"},
	"time":  {"tonight", "tomorrow", "at #", "on Friday", "after lunch", "this weekend", "later", "now"},
	"thing": {"the book", "some milk", "your charger", "the soup", "the tickets", "my jacket", "a cake", "the keys", "the photos"},
	"sorry": {"Sorry", "so sorry", "argh"}, "reason": {"the bus did not come", "I am still in a meeting", "the baby is asleep", "I forgot the time", "too much work"},
	"smile": {":)", "", "", "haha", "<3", "xx"},
}

var advertising = map[string][]string{
	"": {"{loud} You have been {chosen} to receive {prize}! {do}. {small}", "{loud} {prize} is waiting. {do} before midnight. {small}", "Dear customer, your account gets {prize}. {do} to claim.",
		"FREE {ware} for # weeks! Reply YES to ##### or {do}. {small}", "Last chance: {ware} from only £#.## a month. {do}. {small}", "{loud} Win {prize}: text WIN to #####. {small}",
		"Your parcel could not be delivered, {do} and pay £#.##", "Loans up to £#### today, no questions. {do}", "Hot offer on {ware}, ## percent off this week only! {do}. {small}",
		"Hi, this is your operator: as a thank you claim {prize} free. {do}. {small}"},
	"loud": {"WINNER!!", "URGENT!", "Congratulations!", "ATTENTION:", "FINAL NOTICE", "Lucky you!"}, "chosen": {"chosen", "selected", "drawn from all numbers"},
	"prize": {"a £### prize", "a £#### cash award", "a holiday for two", "a new phone", "£### of vouchers", "two cinema tickets"},
	"do":    {"Call 0#### ######", "Text CLAIM to #####", "Go to www.win-##.example", "Reply with code ####", "Ring our hotline 09## ### ####"},
	"small": {"18+ only", "T&C apply", "Msg cost 150p", "To stop text STOP", "", ""}, "ware": {"ringtones", "broadband", "insurance", "chat lines", "slimming pills", "games for your mobile"},
}

func messageRow(g *generator, i int) string {
	if i%5 == 3 {
		return "advertising," + quoted(g.write(g.of(advertising[""]), advertising))
	}
	return "friend," + quoted(g.write(g.of(friendly[""]), friendly))
}

var praise = map[string][]string{
	"":     {"{dish}{very}好吃，{also}。", "{place}{very}干净，{also}。", "{who}都{very}喜欢{dish}，下次还来！", "{very}满意，{also}，推荐给大家。", "{dish}的味道{very}不错{end}", "等了不到#分钟就上菜了，{dish}{very}香。", "价格不贵，{dish}也{very}新鲜{end}", "服务员{very}热情，{also}。"},
	"dish": {"面条", "饺子", "鱼", "豆腐", "点心", "羊肉", "汤", "米饭", "青菜", "包子"}, "very": {"很", "非常", "特别", "真", "太"}, "place": {"店里", "环境", "桌子", "厨房"},
	"also": {"服务也好", "老板也热情", "价格也便宜", "送得也快", "{dish}也香", "分量也足"}, "who": {"孩子们", "全家", "同事", "爸妈", "我们"}, "end": {"。", "！", "，谢谢。", "，加油！"},
}

var complaint = map[string][]string{
	"":     {"{dish}{very}难吃，{also}。", "{place}{very}脏，{also}。", "等了#个小时，{very}慢，{also}。", "{dish}是冷的，{also}{end}", "{very}贵了，{dish}也不新鲜{end}", "打了#次电话没有人接，{also}。", "{dish}里有头发，{also}，再也不来了！", "服务员{very}差，{also}{end}", "{dish}不好吃，也不便宜{end}"},
	"dish": {"面条", "饺子", "鱼", "豆腐", "点心", "羊肉", "汤", "米饭", "青菜", "包子"}, "very": {"很", "非常", "特别", "真", "太"}, "place": {"店里", "环境", "桌子", "厨房"},
	"also": {"服务也差", "没有人管", "汤都漏了", "{dish}又咸又硬", "吃了肚子疼", "叫了半天没人来"}, "end": {"。", "！", "，失望。", "，不推荐。"},
}

func kitchenRow(g *generator, i int) string {
	if i%7 < 4 {
		return "好评," + quoted(g.write(g.of(praise[""]), praise))
	}
	return "差评," + quoted(g.write(g.of(complaint[""]), complaint))
}

var tale = map[string][]string{
	"":    {"Once there was {who} who lived {where}.\nEvery {day} {it} went {where} to look for {food}.\n{meets}\n{ends}\n", "{who} and {who} were friends.\nThey lived {where} and shared {food}.\n{meets}\n{ends}\n"},
	"who": {"a {kind} fox", "a {kind} bear", "a {kind} mouse", "an old owl", "a {kind} hare", "a {kind} frog"}, "kind": {"small", "red", "quiet", "hungry", "clever", "sleepy"},
	"where": {"in the forest", "by the river", "under a hill", "near the old mill", "at the edge of the wood"}, "day": {"day", "morning", "evening"}, "it": {"the little one", "our friend"},
	"food":  {"berries", "nuts", "fish", "honey", "a piece of bread"},
	"meets": {"One day it rained, and {who} came to the door.\n“Let me in,” it said, “I am cold and I have {food}.”", "In the winter the snow was deep, and there was nothing to eat.\n“I have {food},” said {who}, “come and eat with me.”"},
	"ends":  {"So they sat by the fire until the sun came out.", "And if they have not gone away, they live there still.", "From then on they were never alone."},
}

func taleRow(g *generator, _ int) string { return g.write(g.of(tale[""]), tale) }
