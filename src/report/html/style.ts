/** The page's style: one file for light, dark, narrow and printed. Colours of text reach 4.5:1 on their ground (WCAG 2.2 AA). */
const LIGHT = `--ground:#f5f6f8;--card:#fff;--raised:#fafbfc;--ink:#1b2330;--soft:#586374;--line:#e2e6ec;--accent:#3552c4;--accent-soft:#e9edfb;
--ok:#1f7a3d;--ok-soft:#e2f4e8;--critical:#a8144f;--critical-soft:#fce4ee;--error:#b93815;--error-soft:#fdeae3;--warning:#7f5a00;--warning-soft:#fbf1d5;--info:#516073;--info-soft:#eaeef3;
--shadow:0 1px 2px rgb(20 30 50/.05),0 4px 16px rgb(20 30 50/.04);color-scheme:light;`;
const DARK = `--ground:#0e1217;--card:#161b22;--raised:#1b212a;--ink:#e4e9f0;--soft:#9aa6b6;--line:#2a323d;--accent:#92a8ff;--accent-soft:#232c4a;
--ok:#62c584;--ok-soft:#163222;--critical:#ff8cb8;--critical-soft:#431a2c;--error:#ff9b78;--error-soft:#43221a;--warning:#e8bd55;--warning-soft:#3a2f14;--info:#a3b1c4;--info-soft:#242c37;
--shadow:none;color-scheme:dark;`;

const FRAME = `
*{box-sizing:border-box}
html{scroll-padding-top:5.5rem}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
main,.inner,footer{max-width:1180px;margin:0 auto;padding:0 24px}
h1,h2,h3,p,figure,ul,dl,dd{margin:0;padding:0}
ul{list-style:none}
h2{font-size:.95rem;font-weight:600;margin-bottom:12px}
button,input,select{font:inherit;color:inherit}
button{cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:6px}
.mono,code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Noto Sans Mono",monospace;font-size:.86em}
.quiet{color:var(--soft);font-size:.87rem}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px;top:8px;background:var(--card);padding:8px 14px;border-radius:8px;z-index:9}
.skip:focus{left:16px}
[hidden]{display:none!important}
kbd{font:inherit;font-size:.78rem;border:1px solid var(--line);border-bottom-width:2px;border-radius:5px;padding:0 5px;background:var(--raised);color:var(--soft)}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow);padding:18px 20px}
.banner{background:var(--card);border-bottom:1px solid var(--line)}
.banner .inner{padding-top:18px;padding-bottom:20px;position:relative}
.brand{display:flex;align-items:center;gap:10px;font-size:.95rem}
.tenant{color:var(--soft);padding-left:10px;border-left:1px solid var(--line);min-width:0;overflow-wrap:anywhere}
.logo{width:26px;height:26px;flex:none}.logo .back{fill:var(--accent);opacity:.3}.logo .front{fill:var(--accent)}.logo circle,.logo path{fill:var(--card)}
.verdict{margin:20px 0 14px;display:flex;gap:14px;align-items:baseline;flex-wrap:wrap}
.verdict h1{font-size:1.35rem;font-weight:600;line-height:1.35;letter-spacing:-.01em;flex:1 1 320px}
.verdict h1::first-letter{text-transform:uppercase}
.pill{font-weight:600;font-size:.85rem;padding:4px 12px;border-radius:99px;background:var(--warning-soft);color:var(--warning)}
.in-sync .pill{background:var(--ok-soft);color:var(--ok)}
.failed .pill,.refused .pill,.incomplete .pill{background:var(--error-soft);color:var(--error)}
.facts{display:flex;flex-wrap:wrap;gap:6px 28px;font-size:.87rem}
.facts div{display:flex;gap:8px;min-width:0}.facts dt{color:var(--soft)}.facts dd{overflow-wrap:anywhere}
.ghost{background:none;border:1px solid var(--line);border-radius:9px;padding:6px 12px}
.ghost:hover{background:var(--raised)}
#theme{position:absolute;right:24px;top:14px;padding:3px 10px}
footer{padding-top:28px;padding-bottom:40px;font-size:.87rem;color:var(--soft)}
footer p+p{margin-top:6px}`;

const OVERVIEW = `
.tiles{display:grid;grid-template-columns:1.5fr repeat(4,1fr);gap:14px;margin:22px 0 14px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow);padding:16px 18px;min-width:0}
.tile b{display:block;font-size:1.7rem;font-weight:600;line-height:1.15;letter-spacing:-.02em}
.tile>span,.tile div>span{font-size:.9rem}
.tile small .sev{margin-bottom:3px}.tile small{display:block;color:var(--soft);font-size:.8rem;line-height:1.45;margin-top:6px}
.tile.wide{display:flex;gap:18px;align-items:center}
.ring{width:84px;height:84px;flex:none}.ring circle{fill:none;stroke-width:7}.ring .track{stroke:var(--line)}.ring .share{stroke:var(--ok);stroke-linecap:butt}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:14px;margin-bottom:14px}
.pair svg[role=img]{display:block;width:100%;height:auto}
svg text{fill:var(--soft);font-size:11.5px}
.grid line{stroke:var(--line)}.line{stroke:none}
path.line{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
path.area{fill:var(--accent);opacity:.1}
.dots circle{fill:var(--card);stroke:var(--accent);stroke-width:2}.dots circle:last-child{fill:var(--accent)}
.rules{max-height:280px;overflow:auto;margin:-4px -8px;scrollbar-width:thin;background:linear-gradient(var(--card) 40%,transparent) top/100% 34px no-repeat local,linear-gradient(transparent,var(--card) 60%) bottom/100% 34px no-repeat local,linear-gradient(var(--line),transparent) top/100% 10px no-repeat,linear-gradient(transparent,var(--line)) bottom/100% 10px no-repeat}
.rules button{display:grid;grid-template-columns:10px minmax(110px,1.2fr) 1fr auto;gap:10px;align-items:center;width:100%;padding:4px 8px;border:0;border-radius:8px;background:none;text-align:left;font-size:.88rem}
.rules button:hover{background:var(--raised)}.rules [aria-pressed=true]{background:var(--accent-soft)}
.rules .name{overflow-wrap:anywhere}.rules .n{min-width:3ch;text-align:right;color:var(--soft)}
.dot{display:inline-block;width:9px;height:9px;border-radius:50%;background:var(--info)}
.dot.critical{background:var(--critical)}.dot.error{background:var(--error)}.dot.warning{background:var(--warning)}
.bar{width:100%;height:6px;border-radius:3px}.bar rect{fill:var(--info);opacity:.8}.bar.critical rect{fill:var(--critical)}.bar.error rect{fill:var(--error)}.bar.warning rect{fill:var(--warning)}.bar rect.track{fill:var(--line)}
.sev{display:inline-block;font-size:.76rem;font-weight:600;padding:1px 8px;border-radius:99px;background:var(--info-soft);color:var(--info);white-space:nowrap}
.sev.critical{background:var(--critical-soft);color:var(--critical)}.sev.error{background:var(--error-soft);color:var(--error)}.sev.warning{background:var(--warning-soft);color:var(--warning)}
.counts{display:flex;gap:8px;flex-wrap:wrap;margin-bottom:8px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.86rem;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 14px 5px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th,thead td{border-top:0;color:var(--soft);font-weight:500}`;

const FIRST_RUN = `
.pair.first{grid-template-columns:1fr}.pair.first>:first-child{order:2}.first .rules{max-height:none;columns:2;column-gap:28px}.first .rules li{break-inside:avoid}`;

const EXPLORER = `
.explorer{margin-top:22px}
.toolbar{position:sticky;top:0;z-index:3;display:flex;flex-wrap:wrap;gap:8px 10px;align-items:center;padding:12px;background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow);font-size:.87rem}
html.clean .toolbar,html.clean .explorer>.line,html:not(.ready) .toolbar,html:not(.ready) .explorer>.line:last-child{display:none}
.search{position:relative;flex:1 1 340px}
.search input{width:100%;padding:9px 44px 9px 14px;border:1px solid var(--line);border-radius:10px;background:var(--ground);font-size:.95rem}
.search input::placeholder{color:var(--soft);opacity:1}
.search kbd{position:absolute;right:12px;top:9px}.search input:focus+kbd{display:none}
.chips{display:flex;gap:5px;flex-wrap:wrap}.chips+.chips{padding-left:10px;border-left:1px solid var(--line)}
.chip{border:1px solid var(--line);border-radius:99px;background:none;padding:3px 10px;font-size:.83rem;display:inline-flex;gap:6px;align-items:center}
button.chip:hover{background:var(--raised)}.chip i{font-style:normal;color:var(--soft);font-size:.78rem}
.chip[aria-pressed=true]{background:var(--accent-soft);border-color:var(--accent);color:var(--accent)}.chip[aria-pressed=true] i{color:inherit}
.toolbar label:not(.search){display:inline-flex;gap:6px;align-items:center;color:var(--soft)}
select{border:1px solid var(--line);border-radius:9px;background:var(--card);color:var(--ink);padding:4px 6px;max-width:190px}
div.line{display:flex;justify-content:space-between;align-items:center;gap:12px;flex-wrap:wrap;margin:12px 4px;font-size:.9rem}
.pager{display:flex;gap:10px;align-items:center;margin-left:auto}
.pager button{border:1px solid var(--line);background:var(--card);border-radius:8px;width:34px;height:30px;line-height:1}
.pager button:disabled{opacity:.4;cursor:default}
.entry{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow);padding:16px 20px;margin-bottom:12px}
.entry header{display:flex;gap:12px;justify-content:space-between;align-items:flex-start}
.who{min-width:0;overflow-wrap:anywhere}
.entry h3{font-size:1.02rem;font-weight:600;display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden}
.upn{color:var(--soft);font-size:.84rem}
.copy{border:1px solid transparent;border-radius:8px;background:var(--raised);padding:3px 10px;color:var(--soft);flex:0 1 auto;overflow-wrap:anywhere;text-align:left;user-select:text}
.copy:hover{border-color:var(--line);color:var(--ink)}.copy.done{color:var(--ok)}.copy.done::after{content:" copied"}
.body{display:grid;grid-template-columns:minmax(0,auto) minmax(340px,1fr);gap:6px 26px;margin-top:14px;align-items:start}
.body.bare{grid-template-columns:1fr}
.strip{display:flex;gap:10px;flex-wrap:wrap}
.shot{width:96px}
.shot img,.shot .none{display:block;width:96px;height:96px;object-fit:contain;border-radius:10px;background:var(--raised);border:1px solid var(--line);padding:3px}
.shot .none{background-image:repeating-linear-gradient(135deg,transparent 0 7px,var(--line) 7px 8px)}
.shot.info img,.shot.info .none{border-color:var(--info)}
.shot.warning img,.shot.warning .none{border:2px solid var(--warning)}
.shot.error img,.shot.error .none{border:2px solid var(--error)}
.shot.critical img,.shot.critical .none{border:2px solid var(--critical)}
.shot:first-child{padding-right:12px;width:107px;border-right:1px solid var(--line)}
figcaption{font-size:.76rem;line-height:1.35;margin-top:5px}
figcaption b{display:block;font-weight:600}figcaption span{color:var(--soft);overflow-wrap:anywhere;display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden}
.findings li{padding:0 0 2px 14px;border-left:3px solid var(--info);}
.findings li+li{margin-top:12px}
.findings li.critical{border-color:var(--critical)}.findings li.error{border-color:var(--error)}.findings li.warning{border-color:var(--warning)}
.what{display:flex;gap:4px 10px;flex-wrap:wrap;align-items:baseline;font-size:.92rem}
.what b{font-weight:600}.place,.since{color:var(--soft);font-size:.85rem}.since{margin-left:auto}
.new{margin-left:auto;font-size:.76rem;font-weight:600;color:var(--accent);background:var(--accent-soft);padding:1px 8px;border-radius:99px}
.said{margin-top:3px;font-size:.92rem;overflow-wrap:anywhere}
.remedy{margin-top:2px;font-size:.86rem;color:var(--soft);overflow-wrap:anywhere}
.remedy.automatic{color:var(--ok)}.remedy.when-named{color:var(--accent)}
details{margin-top:4px;font-size:.86rem}summary{cursor:pointer;color:var(--soft);width:max-content}
details table{margin-top:6px;table-layout:fixed;min-width:420px}details th{font-weight:500;color:var(--soft)}
.equal td{color:var(--soft)}
.empty{text-align:center;padding:44px 20px}.empty b{font-size:1.05rem}`;

const NARROW = `
@media(max-width:960px){.tiles{grid-template-columns:repeat(2,1fr)}.tile.wide{grid-column:1/-1}.pair,.body{grid-template-columns:1fr}.first .rules{columns:1}}
@media(max-width:560px){main,.inner,footer{padding-left:14px;padding-right:14px}.toolbar{position:static}.chips+.chips{padding-left:0;border:0}.entry header{flex-direction:column}.verdict h1{font-size:1.15rem}.shot{width:84px}.shot img,.shot .none{width:84px;height:84px}.shot:first-child{width:94px;padding-right:8px}.toolbar label:not(.search){flex:1 1 100%}.toolbar label:not(.search) span{width:3rem}.toolbar select{flex:1;max-width:none}.new,.since{margin-left:0}}
@media(prefers-reduced-motion:no-preference){button{transition:background-color .12s,border-color .12s}}`;

const PRINT = `
@media print{:root{${LIGHT}}body{font-size:11px;background:#fff}.toolbar,.pager,.copy,.ghost,.skip,.explorer>.line:last-child{display:none!important}.card,.tile,.entry{box-shadow:none;break-inside:avoid}.rules,.first .rules{max-height:none;columns:2}.tiles{grid-template-columns:1.4fr repeat(4,1fr)}.tile.wide{grid-column:auto}.pair{grid-template-columns:1fr}.tile b{font-size:1.4rem}.tile{padding:10px 12px}.ring{width:52px;height:52px}.banner{border-bottom:2px solid var(--line)}main,.inner,footer{max-width:none;padding:0}.shot,.shot img,.shot .none{width:84px;height:84px}.shot{height:auto}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;

export const STYLE = `:root{${LIGHT}}
@media(prefers-color-scheme:dark){:root{${DARK}}}
:root[data-theme=light]{${LIGHT}}
:root[data-theme=dark]{${DARK}}${FRAME}${OVERVIEW}${FIRST_RUN}${EXPLORER}${NARROW}${PRINT}
`;
