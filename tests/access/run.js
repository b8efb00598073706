const found = [];
for (const [rule, check] of Object.entries(rules)) {
  if (asked.length && !asked.includes(rule)) continue;
  check((e, why) => found.push({ rule, why, marks: e.dataset?.breaks ?? '', element: e.outerHTML.replace(/\s+/g, ' ').slice(0, 160) }));
}
return { found, rules: Object.keys(rules) };
