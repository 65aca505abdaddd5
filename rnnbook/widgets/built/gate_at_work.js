// Made of rnnbook/widgets/js by "make widgets"; change it there.
var SVG="http://www.w3.org/2000/svg";function set(node,attributes){for(let[name,value]of Object.entries(attributes))value==null?node.removeAttribute(name):node.
getAttribute(name)!==String(value)&&node.setAttribute(name,value);return node}function html(tag,attributes={},...children){let node=set(document.createElement(tag),
attributes);return node.append(...children),node}function svg(tag,attributes={},...children){let node=set(document.createElementNS(SVG,tag),attributes);return node.
append(...children),node}function hue(key){return["x","h","f","C"].includes(key)?`q-${key}`:`tint-${key}`}function write(node,text){if(node.textContent===text)return;
let[only,...others]=node.childNodes;only?.nodeType===Node.TEXT_NODE&&!others.length?only.data=text:node.textContent=text}function symbol(name){let[base,index]=name.
split("_"),letter=index&&html("sub",{},...index.split(/\b([a-z])\b/).map(c=>/[a-z]/.test(c)&&c.length===1?html("i",{},c):c)),leaning=base.split(new RegExp("(\\p{\
L}+)","u")).filter(Boolean).map(part=>new RegExp("\\p{L}","u").test(part)?html("i",{},part):part);return html("span",{class:"symbol"},...leaning,...index?[letter]:
[])}var MARKUP=[[/^`([^`]+)`/,text=>html("code",{},text)],[/^\*\*([^*]+)\*\*/,text=>html("strong",{},...inline(text))],[/^\*([^*\s][^*]*)\*/,text=>html("em",{},
...inline(text))],[/^([A-Za-z]_[A-Za-z0-9]+)/,text=>symbol(text)],[/^_\{([^}]+)\}/,text=>html("sub",{},text.replace("-","−"))],[/^\^\{([^}]+)\}/,text=>html("s\
up",{},text.replace("-","−"))],[/^\^([A-Za-z0-9])(?![A-Za-z0-9])/,text=>html("sup",{},text)]];function inline(source){let nodes=[],text="",rest=source;for(;rest;){
let[found,make]=MARKUP.map(([pattern,make2])=>[rest.match(pattern),make2]).find(([m])=>m)??[];found&&nodes.push(text,make(found[1])),text=found?"":text+rest[0],
rest=rest.slice(found?found[0].length:1)}return[...nodes,text].filter(node=>node!=="")}function label(attributes,source){let node=svg("text",attributes),shift=0;
for(let part of source.split(/([_^]\{[^}]*\})/)){let move=part.startsWith("_{")?4:part.startsWith("^{")?-6:0,text=move?part.slice(2,-1):part;text&&(node.append(
svg("tspan",{dy:move-shift,class:move?"index":null},text)),shift=move)}return node}function scale(d0,d1,r0,r1){let map=value=>r0+(value-d0)/(d1-d0)*(r1-r0);return map.
invert=place=>d0+(place-r0)/(r1-r0)*(d1-d0),map}function clamp(value,low,high){return Math.min(Math.max(value,low),high)}function roundTicks(high,count){let rough=high/
count,power=10**Math.floor(Math.log10(rough)),step=[1,2,5,10].map(m=>m*power).find(s=>s>=rough);return Array.from({length:Math.floor(high/step+1e-9)+1},(_,k)=>k*
step)}function decimal(value,digits=2){let text=value.toFixed(digits);return(Number(text)===0?text.replace("-",""):text).replace("-","−")}var KEYS={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1,PageUp:10,PageDown:-10,Home:-1/0,End:1/0};function handle(picture,name,{drag,nudge,cursor}){let dot=svg(
"circle",{r:8,class:"dot"}),group=svg("g",{class:"handle",role:"slider",tabindex:0,"aria-label":name,style:`cursor:${cursor}`},svg("circle",{r:22,class:"reach"}),
svg("circle",{r:13,class:"halo"}),dot),held=null,place=event=>{let box=picture.getBoundingClientRect();return[event.clientX-box.left,event.clientY-box.top]};group.
addEventListener("pointerdown",event=>{if(event.button>0)return;event.preventDefault(),group.focus({preventScroll:!0}),group.setPointerCapture(event.pointerId);
let[x,y]=place(event);held=[group.at[0]-x,group.at[1]-y],group.classList.add("held")}),group.addEventListener("pointermove",event=>{if(!held)return;let[x,y]=place(
event);drag(x+held[0],y+held[1])});let release=()=>{held=null,group.classList.remove("held")};return group.addEventListener("pointerup",release),group.addEventListener(
"pointercancel",release),group.addEventListener("keydown",event=>{!(event.key in KEYS)||event.ctrlKey||event.metaKey||event.altKey||(event.preventDefault(),nudge(
KEYS[event.key]))}),group.at=[0,0],group}function moveHandle(group,x,y,{now,low,high,text}){group.at=[x,y],set(group,{transform:`translate(${x.toFixed(2)} ${y.toFixed(
2)})`,"aria-valuemin":low,"aria-valuemax":high,"aria-valuenow":now,"aria-valuetext":text})}function scrub(node,read,change,perPixel){let from=null;node.classList.
add("scrub"),node.addEventListener("pointerdown",event=>{event.button>0||(event.preventDefault(),from=[event.clientX,read()],node.setPointerCapture(event.pointerId))}),
node.addEventListener("pointermove",event=>{from&&change(from[1]+(event.clientX-from[0])*perPixel)});let release=()=>from=null;node.addEventListener("pointerup",
release),node.addEventListener("pointercancel",release)}function equationParts(state){let numbers={};return{numbers,term:(name,key,text=name,perPixel=0,partner=name)=>{
let number=numbers[name]=html("span",{class:"number"});return perPixel&&scrub(number,()=>state.read()[name],value=>state.change({[name]:value}),perPixel),html("\
span",{class:`term ${hue(key)}`,"data-term":partner},symbol(text),number)},sign:(text,partner=null)=>html("span",{class:"sign","data-term":partner},text)}}function stopsByRatio(low,high,whole){
let stops=[];for(let stop=low;stop<high;)stops.push(stop),stop=whole?Math.max(stop+1,Math.round(1.02*stop)):1.02*stop;return[...stops,high]}function placeAmong(stops,value){
let after=stops.findIndex(stop=>stop>=value);return after<=0?after<0?stops.length-1:0:after-(stops[after]-value)/(stops[after]-stops[after-1])}function control(name,{
title,term,range:[low,high],step,curve,whole,change}){let stops=curve==="log"?stopsByRatio(low,high,whole):null,[first,last]=stops?[0,stops.length-1]:[low,high],
inward=value=>stops?placeAmong(stops,value):value,outward=place=>stops?stops[place]:place,tidy=value=>whole?Math.round(value):value,pitch=stops?1:step,slider=html(
"input",{type:"range",min:first,max:last,step:pitch,"data-name":name}),field=html("input",{type:"number",min:low,max:high,step,inputmode:"decimal","data-name":name,
"aria-label":`${title}, as a number`}),node=html("div",{class:"control","data-term":term},html("label",{},html("span",{class:"name"},...caption(title)),slider),
field);slider.addEventListener("input",()=>change(tidy(clamp(outward(Number(slider.value)),low,high)))),field.addEventListener("input",()=>{let value=field.valueAsNumber;
value>=low&&value<=high&&change(tidy(value))}),field.addEventListener("change",()=>{let value=field.valueAsNumber;change(tidy(clamp(Number.isNaN(value)?node.value:
value,low,high))),field.value=rounded(node.value)});let zero=low<0?(0-low)/(high-low):0,shown;return node.show=value=>{node.value=value;let place=inward(value);
if(slider.value=place>first&&place<last?clamp(place,first+pitch,last-pitch):place,value!==shown){shown=value;let part=(place-first)/(last-first);set(slider,{"ar\
ia-valuetext":`${title} ${decimal(value,whole?0:2)}`}),slider.style.setProperty("--from",Math.min(zero,part)),slider.style.setProperty("--to",Math.max(zero,part))}
let text=rounded(value);field.value!==text&&field!==field.getRootNode().activeElement&&(field.value=text)},node}function knob(state,name,title,step,more={}){return control(
name,{title,step,term:name,range:state.ranges[name],change:value=>state.change({[name]:value}),...more})}function rounded(value){return String(Number(value.toFixed(
3)))}function caption(title){let words=title.split(" ");return[`${words.slice(0,-1).join(" ")} `,symbol(words.at(-1))]}function agrees(state,values){return Object.
entries(values).every(([name,value])=>typeof value=="string"?state[name]===value:Math.abs(state[name]-value)<1e-9)}function presetBar(presets,choose){let buttons=presets.
map(preset=>{let button=html("button",{type:"button","aria-pressed":"false"},...inline(preset.name));return button.addEventListener("click",()=>choose(preset)),
button}),about=html("p",{class:"about"}),node=html("div",{class:"presets"},html("div",{class:"chips",role:"group","aria-label":"Presets"},...buttons),about);return node.
show=state=>{let present=presets.findIndex(preset=>agrees(state,preset.set));buttons.forEach((button,k)=>set(button,{"aria-pressed":String(k===present)})),about.
classList.toggle("past",present<0),present>=0&&about.dataset.present!==String(present)&&(about.dataset.present=present,about.replaceChildren(...inline(presets[present].
about)))},node.forget=()=>{delete about.dataset.present,about.replaceChildren()},node}function ownKey(model){let page=Symbol.for("rnnbook.keys"),keys=globalThis[page]??=
new Map,wanted=model.get("key"),key=wanted;for(let k=2;keys.has(key)&&keys.get(key)!==model;k++)key=`${wanted}-${k}`;return keys.set(key,model),key}function readAddress(){
let parts=location.hash.slice(1).split("&").filter(part=>part.includes("="));return Object.fromEntries(parts.map(part=>part.split("=",2)))}function stateInAddress(key,names,possible){
let entries=(readAddress()[key]??"").split(",").map(pair=>pair.split(":")),state={};for(let[name,text]of entries){let value=text===void 0||text===""||Number.isNaN(
Number(text))?text:Number(text);names.includes(name)&&possible(name,value)&&(state[name]=value)}return state}function addressWith(key,state){let others=Object.entries(
readAddress()).filter(([name])=>name!==key),text=Object.entries(state).map(([name,value])=>`${name}:${spell(value)}`).join(","),parts=(text?[...others,[key,text]]:
others).map(part=>part.join("=")),anchor=location.hash.includes("=")?"":location.hash;return location.pathname+location.search+(parts.length?`#${parts.join("&")}`:
anchor)}function spell(value){return typeof value=="number"?Number(value.toPrecision(6)):value}function ownKeys(root){for(let node of root.querySelectorAll("inp\
ut, button, [tabindex]"))node.dataset.lmSuppressShortcuts="true";root.addEventListener("keydown",event=>{!(event.ctrlKey||event.metaKey||event.altKey)&&!/^(Tab|Escape|F\d+)$/.
test(event.key)&&event.stopPropagation()})}var NARROW=480;function store(model,names){let ranges=model.get("_ranges")??{},read=()=>Object.fromEntries(names.map(
name=>[name,model.get(name)])),possible=(name,value)=>name in ranges?typeof value=="number"&&value>=ranges[name][0]&&value<=ranges[name][1]:typeof value=="strin\
g",changed=()=>{},quiet=!1,listen=()=>quiet||changed(read());return names.forEach(name=>model.on(`change:${name}`,listen)),{ranges,presets:model.get("_presets")??
[],goal:model.get("goal"),read,possible,first:read(),whenChanged:callback=>changed=callback,change(part){quiet=!0;for(let[name,value]of Object.entries(part))model.
set(name,name in ranges?clamp(value,...ranges[name]):value);quiet=!1,changed(read()),model.save_changes()},close:()=>names.forEach(name=>model.off(`change:${name}`,
listen))}}function lightPartners(root){let partners=new Map;for(let node of root.querySelectorAll("[data-term]")){let term=node.dataset.term;partners.set(term,[
...partners.get(term)??[],node])}let lit=null,light=term=>{term!==lit&&(partners.get(lit)?.forEach(node=>node.classList.remove("shine")),partners.get(term)?.forEach(
node=>node.classList.add("shine")),lit=term)},of=event=>event.target.closest?.("[data-term]")?.dataset.term??null,focused=()=>root.querySelector("[data-term]:fo\
cus-within, [data-term]:focus")?.dataset.term;root.addEventListener("pointerover",event=>light(of(event)??focused()??null)),root.addEventListener("pointerleave",
()=>light(focused()??null)),root.addEventListener("focusin",event=>light(of(event))),root.addEventListener("focusout",()=>light(null))}function followInk(root){
let said="[data-theme], [data-jp-theme-light], [theme], .vscode-dark, .vscode-light",look=()=>{if(root.parentElement?.closest(said))return;let[r,g,b]=getComputedStyle(
root.parentElement??root).color.match(/[\d.]+/g).map(Number);root.dataset.scheme=.3*r+.59*g+.11*b>140?"dark":"light"},query=matchMedia("(prefers-color-scheme: d\
ark)");return query.addEventListener("change",look),requestAnimationFrame(look),()=>query.removeEventListener("change",look)}function mount({model,el},names,build2){
let plainPage=model.widget_manager===void 0,state=store(model,names),key=ownKey(model),parts=build2(state),presets=presetBar(state.presets,preset=>state.change(
preset.set)),task=guidance("Try",model.get("try_this"));parts.done&&task.append(html("span",{class:"met","aria-hidden":"true"}," ✓"));let reset=html("button",
{type:"button",class:"quiet"},"Reset"),share2=html("button",{type:"button",class:"quiet"},"Copy link"),status=html("p",{class:"unseen",role:"status"}),tools=html(
"div",{class:"tools"},reset,...plainPage?[share2]:[]),root=html("div",{class:"rnn-explorable",role:"group","aria-label":model.get("title")},html("div",{class:"h\
ead"},html("p",{class:"title"},model.get("title")),tools),task,presets,parts.stage,parts.controls,guidance("Notice",model.get("notice")),status),timer=0,settle=values=>{
clearTimeout(timer),timer=setTimeout(()=>{write(status,parts.summary(values)),plainPage&&history.replaceState(history.state,"",addressWith(key,difference(state,
values)))},400)},show=values=>{parts.update(values),presets.show(values),task.classList.toggle("done",parts.done?.(values)??!1)};state.whenChanged(values=>{show(
values),settle(values)}),reset.addEventListener("click",()=>{presets.forget(),state.change(state.first)}),share2.addEventListener("click",async()=>{history.replaceState(
history.state,"",addressWith(key,state.read())),write(share2,await copied(location.href)?"Copied":"It is in the address bar"),setTimeout(()=>write(share2,"Copy \
link"),2e3)}),el.append(root),lightPartners(root),ownKeys(root);let forgetInk=followInk(root),fitted,fit=()=>{let width=Math.max(parts.stage.clientWidth||640,240);
if(width===fitted)return!1;fitted=width;let before=width<NARROW?parts.formula:parts.stage;return before.nextElementSibling!==parts.controls&&before.after(parts.
controls),parts.layout(width),!0};fit();let stored=plainPage?stateInAddress(key,names,state.possible):{};Object.keys(stored).length?(state.change(stored),Object.
keys(readAddress())[0]===key&&requestAnimationFrame(()=>root.scrollIntoView({block:"start"}))):show(state.read());let observer=new ResizeObserver(()=>fit()&&show(
state.read()));return observer.observe(parts.stage),()=>{observer.disconnect(),state.close(),forgetInk(),clearTimeout(timer)}}function difference(state,values){
return Object.fromEntries(Object.entries(values).filter(([name,value])=>value!==state.first[name]))}function guidance(word,text){let kind=word.toLowerCase();return html(
"p",{class:`guidance ${kind}`},html("strong",{},`${word}: `),...inline(text))}async function copied(text){try{return await navigator.clipboard.writeText(text),!0}catch{
return!1}}function sigmoid(a){if(a>=0)return 1/(1+Math.exp(-a));let power=Math.exp(a);return power/(1+power)}function logit(f){return Math.log(f)-Math.log1p(-f)}function uniform(seed){let state=seed|0;return()=>{state=state+1831565813|0;let t=Math.imul(state^state>>>15,1|state);return t=t+Math.imul(t^t>>>7,61|t)^t,(((t^
t>>>14)>>>0)+.5)/4294967296}}function streamDraw(seed,steps){let next=uniform(seed);return Array.from({length:steps},()=>{let chance=next(),radius=Math.sqrt(-2*Math.log(next())),angle=2*Math.
PI*next();return[chance,radius*Math.cos(angle),radius*Math.sin(angle)]})}function runningTotal(draw,p,noise){let resets=draw.map(([chance])=>chance<p),values=draw.
map(([,value])=>value),evidence=draw.map(([,,error],t)=>(resets[t]?1:0)+noise*error),total=0,totals=values.map((x,t)=>total=(resets[t]?0:total)+x);return{resets,
values,evidence,totals}}function keptTotals(values,shares){let C=0;return values.map((x,t)=>C=shares[t]*C+x)}function reachableTotals(values){let[low,high]=[0,0];
return values.map(x=>[low=Math.min(low,0)+x,high=Math.max(high,0)+x])}function derivedGate(noise,p){return[-1/noise**2,Math.log1p(-p)-Math.log(p)+.5/noise**2]}function gateMoments(weight,bias,mean,noise){
let[first,second,mass]=[0,0,0];for(let k=-448;k<=448;k++){let density=Math.exp(-.5*(k/64)**2),f=sigmoid(weight*(mean+noise*(k/64))+bias);first+=density*f,second+=
density*f*f,mass+=density}return[first/mass,second/mass]}function gatedError(weight,bias,noise,p,t){let q=1-p,[kept2,keptSquare]=gateMoments(weight,bias,0,noise),
square=q*keptSquare+p*gateMoments(weight,bias,1,noise)[1],[sum,own,mixed,target]=[0,1,1,1];for(let k=0;k<t;k++)sum+=own-2*mixed+target,[own,mixed,target]=[own*square,
mixed*q*kept2,target*q];return sum}var NAMES=["w_v","b","noise","p","stream","step"],ROOM={total:[26,176],gate:[206,260],evidence:[290,398],steps:416},HEIGHT=450,[BAR,BARS]=[21,26],SOFT=.98,RULES=`\

  .at-work .half { display: inline-flex; align-items: flex-start; margin: 0 0.7em; }
  .at-work .column { fill: var(--ink); opacity: 0.1; }
  .at-work .chart .fall { stroke: var(--edge); stroke-dasharray: 2 4; }
  .at-work .chart .target { stroke: color-mix(in srgb, var(--ink) 48%, var(--surface)); stroke-width: 5.5; stroke-linejoin: round; stroke-linecap: round; }
  .at-work .chart .ghost { stroke: var(--edge); stroke-width: 1.4; }
  .at-work .chart .ghost.leak { stroke-dasharray: 1.5 3; }
  .at-work .chart .ghost.carousel { stroke-dasharray: 7 3; }
  .at-work .chart .kept { fill: color-mix(in srgb, var(--q) 22%, transparent); stroke: var(--q); stroke-width: 1.5; }
  .at-work .chart .kept:is(.shine, .rnn-lit) { stroke-width: 2.5; }
  .at-work .chart .seen { stroke: var(--q-x); stroke-width: 4; stroke-linecap: round; }
  .at-work .chart .reset { fill: var(--ink); stroke: var(--surface); }
  .at-work .chart .limit { stroke: var(--q); stroke-width: 2; }
  .at-work .bars rect { fill: var(--edge); }
  .at-work .bars rect.own { fill: var(--q); }
  .at-work .bars .best { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 3; }
  .at-work .actions { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 6px; margin-top: 4px; }
  @container (min-width: 600px) { .rnn-explorable .at-work .sentence { min-height: 1.45em; } }
  @container (max-width: 309px) { .rnn-explorable .at-work .told { min-height: 4.35em; } }
  @media print { .at-work .actions { display: none; } }
  @container (max-width: 479px) {
    .rnn-explorable .at-work .told { font-size: 14px; }
    .rnn-explorable .at-work .control input[type="number"] { width: 4.7em; appearance: textfield; }
  }
`;function remember(make){let[last,result]=[[],null];return(...given)=>((!result||given.some((value,k)=>value!==last[k]))&&(result=make(...last=given)),result)}
function world(steps){let draw=remember(seed=>streamDraw(seed,steps)),stream=remember((seed,p,noise)=>{let found=runningTotal(draw(seed),p,noise),reached=reachableTotals(
found.values),constant=share2=>keptTotals(found.values,Array(steps).fill(share2));return{...found,carousel:constant(1),leak:constant(1-p),low:Math.min(...reached.
map(([low])=>low)),high:Math.max(...reached.map(([,high])=>high))}}),errors=remember((p,noise)=>{let of=(weight,bias)=>Math.sqrt(gatedError(weight,bias,noise,p,
steps)),size=(1-(1-p)**steps)/p,carousel=of(0,800);return{carousel,leak:of(0,logit(1-p)),derived:of(...derivedGate(noise,p)),most:Math.max(carousel,Math.sqrt(size))}});
return({w_v,b,noise,p,stream:seed})=>{let shown=stream(seed,p,noise),arguments_=shown.evidence.map(v=>w_v*v+b),gates=arguments_.map(sigmoid);return{...shown,arguments_,
gates,memory:keptTotals(shown.values,gates),errors:{...errors(p,noise),own:Math.sqrt(gatedError(w_v,b,noise,p,steps))}}}}function firstReset(seed,p,steps){return Math.
max(streamDraw(seed,steps).findIndex(([chance])=>chance<p),0)+1}function formulas(state){let{numbers,term,sign}=equationParts(state),half=(...parts)=>html("span",
{class:"half"},...parts);return{node:html("div",{class:"equation",role:"math","aria-label":"f_t = σ(w_v v_t + b), C_t = f_t C_t−1 + x_t"},half(term("f","f","\
f_t"),sign("="),sign("σ("),term("w_v","wx","w_v",.05),sign("·"),term("v","wx","v_t"),sign("+"),term("b","ink","b",.05),sign(")")),half(term("C","C","C_t"),sign(
"="),term("f again","f","f_t",0,"f"),sign("·"),term("before","C","C_t−1",0,"C"),sign("+"),term("x","x","x_t"))),update:({w_v,b},now,step)=>{let t=step-1,f=shareText(
now.gates[t]);write(numbers.f,f),write(numbers["f again"],f),write(numbers.w_v,decimal(w_v)),write(numbers.v,decimal(now.evidence[t])),write(numbers.b,decimal(b)),
write(numbers.C,decimal(now.memory[t])),write(numbers.before,decimal(t?now.memory[t-1]:0)),write(numbers.x,decimal(now.values[t]))}}}function shareText(f){return f<
5e-5?"≈ 0":f>1-5e-5?"≈ 1":decimal(f,f<.00995||f>=.995?4:f<.0995?3:2)}function told({w_v},now,step){let t=step-1,[reset,a]=[now.resets[t],now.arguments_[t]],
heard=w_v?`the gate ${a<0===reset?"":"wrongly "}hears ${a<0?"forget":"keep"}`:"the gate does not listen";return`Step ${step}, ${reset?"a reset":"no reset"}: ${heard}\
 (a = ${decimal(a,1)}). Memory ${decimal(now.memory[t])}, target ${decimal(now.totals[t])}.`}function spread(wanted,gap,low,high){let order=wanted.map((_,k)=>k).
sort((one,other)=>wanted[one]-wanted[other]),places=[],free=low;for(let k of order)free=(places[k]=Math.max(wanted[k],free))+gap;free=high;for(let k of order.reverse())
free=(places[k]=Math.min(places[k],free))-gap;return places}function strips(state,steps,look){let node=svg("svg",{class:"chart",role:"group","aria-label":"The r\
unning total and its memory, the gate, and the evidence, step by step",height:HEIGHT}),name=`rnn-soft-${Math.random().toString(36).slice(2,9)}`,stops=Array.from(
{length:13},(_,k)=>{let f=sigmoid(logit(SOFT)*(1-k/6));return svg("stop",{offset:k/12,"stop-opacity":(.26*f).toFixed(3)})});stops.forEach(stop=>stop.style.stopColor=
"var(--q-f)");let soft=svg("linearGradient",{id:name,gradientUnits:"userSpaceOnUse",x1:0,x2:0});soft.append(...stops);let tint=svg("rect",{"data-term":"f"}),[grid,
ticks]=[svg("g",{class:"ticks"}),svg("g",{class:"ticks"})],column=svg("rect",{class:"column"}),falls=svg("path",{class:"fall"}),drawn={carousel:svg("path",{class:"\
ghost carousel"}),leak:svg("path",{class:"ghost leak"}),target:svg("path",{class:"target"}),memory:svg("path",{class:"line q-C","data-term":"C"})},anew=svg("pat\
h",{class:"reset"}),gate=svg("path",{class:"kept q-f","data-term":"f"}),seen=svg("path",{class:"seen","data-term":"v"}),told2=svg("path",{class:"reset","data-te\
rm":"v"}),limit=svg("path",{class:"limit q-f"}),ends={target:label({class:"value start"},"target"),memory:label({class:"value start q-C"},"memory C"),carousel:label(
{class:"note start"},"carousel"),leak:label({class:"note start"},"best leak")},words={total:label({class:"axis start haloed"},"running total"),gate:label({class:"\
axis start haloed"},"gate f_{t}: the share that is kept"),evidence:label({class:"axis start haloed"},"evidence v_{t} (shaded: kept)"),axis:label({class:"axis st\
art"},"step t"),half:label({class:"value start q-f"},"f = ½"),above:label({class:"note start"},""),below:label({class:"note start"},"")},left,right,across,heights,
drawnStream,up={gate:scale(0,1,ROOM.gate[1],ROOM.gate[0])},key=label({class:"axis end"},"◆ a reset"),threshold=handle(node,"Evidence at which the gate is one \
half; moving it sets the bias b",{cursor:"ns-resize",drag:(x,y)=>setThreshold(up.evidence.invert(y)),nudge:by=>setThreshold(Number.isFinite(by)?shownThreshold()+
.02*by:by)});threshold.dataset.term="b",threshold.classList.add("q-f"),set(threshold,{"aria-orientation":"vertical"});let setThreshold=v=>state.change({b:-state.
read().w_v*clamp(v,heights.low,heights.high)}),shownThreshold=()=>{let{w_v,b}=state.read();return clamp(-b/w_v,heights.low,heights.high)},cursor=handle(node,"St\
ep whose numbers are shown",{cursor:"ew-resize",drag:x=>state.change({step:stepAt(x)}),nudge:by=>state.change({step:state.read().step+by})});cursor.classList.add(
"tint-ink");let stepAt=x=>clamp(Math.round(across.invert(x)),1,steps);node.append(svg("defs",{},soft),tint,grid,ticks,column,falls,...Object.values(drawn),anew,
gate,seen,told2,limit,...Object.values(ends),words.total,words.gate,words.evidence,words.axis,words.half,words.above,words.below,key,cursor,threshold);let pointed=event=>{
let box=node.getBoundingClientRect(),x=event.clientX-box.left,y=event.clientY-box.top;return x>=left&&x<=right&&y>ROOM.total[0]&&y<ROOM.evidence[1]&&!event.target.
closest(".handle")?stepAt(x):null};node.addEventListener("pointermove",event=>{event.pointerType==="mouse"&&!event.buttons&&look(pointed(event))}),node.addEventListener(
"pointerleave",()=>look(null)),node.addEventListener("click",event=>{let step=pointed(event);step!==null&&state.change({step})});let layout=width=>{drawnStream=
null;let narrow=width<480;[left,right]=[30,width-(narrow?78:100)],across=scale(.5,steps+.5,left,right),set(node,{width,viewBox:`0 0 ${width} ${HEIGHT}`,class:`c\
hart${narrow?" narrow":""}`});let place=(text,x,y)=>set(text,{x,y});place(words.total,left,ROOM.total[0]-10),place(words.gate,left,ROOM.gate[0]-9),place(words.evidence,
left,ROOM.evidence[0]-9),place(words.axis,right+31,ROOM.steps+4),place(key,right,ROOM.total[0]-10),set(tint,{x:left,width:right-left,y:ROOM.evidence[0],height:ROOM.
evidence[1]-ROOM.evidence[0]}),set(column,{y:ROOM.total[0],height:ROOM.evidence[1]-ROOM.total[0]}),ticks.replaceChildren(svg("line",{x1:left,x2:right,y1:ROOM.steps,
y2:ROOM.steps}),...roundTicks(steps,narrow?4:6).slice(1).map(t=>svg("text",{class:"tick",x:across(t),y:ROOM.steps+30},String(t))))},drawStream=({p,noise},now)=>{
drawnStream=now.totals;let most=.1+3*noise;heights={low:-most,high:1+most},up.total=scale(now.low,now.high,...[...ROOM.total].reverse()),up.evidence=scale(heights.
low,heights.high,...[...ROOM.evidence].reverse());let unit=[5,10,20].find(u=>now.high-now.low<6*u)??50,marks=Array.from({length:13},(_,k)=>unit*(k-6)),apart=Math.
max(0,13-up.evidence(0)+up.evidence(1))/2,lines=[...marks.filter(c=>c>=now.low&&c<=now.high).map(c=>[up.total(c),decimal(c,0)]),...[0,1].map(f=>[up.gate(f),String(
f)]),...[0,1].map(v=>[up.evidence(v),String(v),apart*(v?-1:1)])];grid.replaceChildren(...lines.flatMap(([y,text,shift=0])=>[svg("line",{x1:left,x2:right,y1:y,y2:y}),
svg("text",{class:"tick end",x:left-6,y:y+4+shift},text)]));let path=totals=>"M"+totals.map((c,t)=>`${across(t+1).toFixed(1)} ${up.total(c).toFixed(1)}`).join("\
L");set(drawn.carousel,{d:path(now.carousel)}),set(drawn.leak,{d:path(now.leak)});let pieces=now.totals.map((y,t)=>`${!t||now.resets[t]?"M":"L"}${across(t+1).toFixed(
1)} ${up.total(y).toFixed(1)}h.01`);set(drawn.target,{d:pieces.join("")});let diamond=(x,y)=>`M${x.toFixed(1)} ${(y-5.5).toFixed(1)}l5 5.5l-5 5.5l-5 -5.5z`,[resets,
others]=[[],[]];now.resets.forEach((reset,t)=>(reset?resets:others).push(t));let dot=t=>up.evidence(clamp(now.evidence[t],heights.low,heights.high));set(anew,{d:resets.
map(t=>diamond(across(t+1),up.total(now.totals[t]))).join("")}),set(told2,{d:resets.map(t=>diamond(across(t+1),dot(t))).join("")}),set(seen,{d:others.map(t=>`M${across(
t+1).toFixed(1)} ${dot(t).toFixed(1)}h.01`).join("")}),set(falls,{d:resets.map(t=>`M${across(t+1).toFixed(1)} ${ROOM.total[0]}V${ROOM.evidence[1]}`).join("")})},
update=(values,now)=>{drawnStream!==now.totals&&drawStream(values,now);let point2=(c,t)=>`${across(t+1).toFixed(1)} ${up.total(c).toFixed(1)}`;set(drawn.memory,
{d:"M"+now.memory.map(point2).join("L")});let bars=now.gates.map((f,t)=>`V${up.gate(f).toFixed(1)}H${across(t+1.5).toFixed(1)}`);set(gate,{d:`M${left} ${up.gate(
0)}${bars.join("")}V${up.gate(0)}Z`}),nameLines(now),decide(values,now)},nameLines=now=>{let last={target:now.totals.at(-1),memory:now.memory.at(-1),carousel:now.
carousel.at(-1),leak:now.leak.at(-1)},names=Object.keys(ends),wanted=names.map(line=>up.total(last[line])),places=spread(wanted,17,ROOM.total[0]+4,ROOM.total[1]-
2);names.forEach((line,k)=>set(ends[line],{x:right+10,y:(places[k]+4).toFixed(1)}))},decide=({w_v,b},now)=>{let[low,high]=[heights.low,heights.high],blind=w_v===
0;threshold.style.display=blind?"none":"";let v=blind?0:-b/w_v,inside=!blind&&v>=low&&v<=high,y=up.evidence(clamp(v,low,high));threshold.classList.toggle("beyon\
d",!inside),set(limit,{d:inside?`M${left} ${y.toFixed(1)}H${right+11}`:""});let room=[ROOM.evidence[0]+11,ROOM.evidence[1]+1],middle=(room[0]+room[1])/2;set(words.
half,{y:(blind?middle:clamp(y+4,...room)).toFixed(1)}),write(words.half,blind?`f ${shareText(sigmoid(b)).replace(/^(?=\d)/,"= ")}`:`f = ½${inside?"":v>high?" ↑":
" ↓"}`);let[over,under]=w_v<0?["forgets","keeps"]:["keeps","forgets"];write(words.above,blind?"":over),write(words.below,blind?"everywhere":under);for(let text of[
words.half,words.above,words.below])set(text,{x:right+(blind?10:31)});let at=blind?[middle-18,middle+17]:[clamp(y+4,...room)-22,clamp(y+4,...room)+22];if(set(words.
above,{y:at[0].toFixed(1)}),set(words.below,{y:at[1].toFixed(1)}),words.above.style.display=at[0]<room[0]-2?"none":"",words.below.style.display=at[1]>room[1]+2?
"none":"",blind){tint.style.fill="var(--q-f)",set(tint,{"fill-opacity":(.26*sigmoid(b)).toFixed(3)});return}tint.style.fill=`url(#${name})`,set(tint,{"fill-opac\
ity":null});let edge=logit(SOFT);set(soft,{y1:up.evidence((edge-b)/w_v).toFixed(1),y2:up.evidence((-edge-b)/w_v).toFixed(1)}),moveHandle(threshold,right+11,y,{now:Number(
clamp(v,low,high).toFixed(3)),low:Number(low.toFixed(3)),high:Number(high.toFixed(3)),text:`v = ${decimal(v)}`})};return{node,layout,update,point:step=>{let x=across(
step),half=Math.max((across(2)-across(1))/2,2);set(column,{x:(x-half).toFixed(1),width:(2*half).toFixed(1)}),moveHandle(cursor,x,ROOM.steps,{now:step,low:1,high:steps,
text:`step ${step}`})}}}var ROWS=[["carousel","carousel, f = 1"],["leak","best leak, f = 1 − p"],["own","this gate"],["derived","derived gate"]];function errorBars(steps){
let height=BARS+ROWS.length*BAR,node=svg("svg",{class:"chart below bars",role:"img",height}),title=svg("text",{class:"axis start",x:0,y:14}),rows=ROWS.map(([name,
text],k)=>({name,bar:svg("rect",{class:name==="own"?"own q-C":null,height:BAR-7}),text:label({class:name==="own"?"value start q-C":"note start"},text),number:svg(
"text",{class:name==="own"?"value start q-C":"note start"}),y:BARS+k*BAR})),best=svg("path",{class:"best"});node.append(title,...rows.flatMap(({bar,text,number})=>[
bar,text,number]),best);let left,right;return{node,layout:width=>{let long=`root mean square error at step ${steps}, over all streams`;write(title,width<380?`ro\
ot mean square error at step ${steps}`:long),[left,right]=[width<480?140:150,width-48],set(node,{width,viewBox:`0 0 ${width} ${height}`});for(let{bar,text,number,
y}of rows)set(bar,{x:left,y}),set(text,{x:0,y:y+12}),set(number,{y:y+12})},update:(values,{errors})=>{let across=scale(0,errors.most,left,right);for(let{name,bar,
number}of rows){let end=across(errors[name]);set(bar,{width:(end-left).toFixed(1)}),set(number,{x:(end+8).toFixed(1)}),write(number,decimal(errors[name]))}set(best,
{d:`M${across(errors.derived).toFixed(1)} ${BARS-4}V${height}`}),set(node,{"aria-label":verdict(values,errors)})}}}function verdict(values,{own,derived,leak}){let more=100*
(own/derived-1),beside=more<.05?"as small as it can be":`${decimal(more,more<9.95?1:0)} % above the smallest possible`;return`This gate's error is ${decimal(own)}\
: ${beside}${own>leak?", and above the best leak's":""}.`}function build(state){let steps=state.ranges.step[1],see=world(steps),[values,now,pointed]=[null,null,
null],showStep=()=>{let step=pointed??values.step;formula.update(values,now,step),picture.point(step),write(sentence,told(values,now,step))},look=step=>{step!==
pointed&&(pointed=step,showStep())},[formula,picture,errors]=[formulas(state),strips(state,steps,look),errorBars(steps)],sentence=html("p",{class:"sentence told"}),
result=html("p",{class:"sentence"}),stage=html("div",{class:"stage at-work"},html("style",{},RULES),formula.node,sentence,picture.node,errors.node,result),knobs={
w_v:knob(state,"w_v","weight w_v",.1),b:knob(state,"b","bias b",.1),noise:knob(state,"noise","noise η",.01,{curve:"log"}),p:knob(state,"p","resets p",.001,{curve:"\
log"})},button=(text,act)=>{let made=html("button",{type:"button"},...inline(text));return made.addEventListener("click",act),made},fresh=button("New stream",()=>{
let{stream,p}=state.read(),next=stream%state.ranges.stream[1]+1;state.change({stream:next,step:firstReset(next,p,steps)})}),solve=button("Set w_v and *b* by (1.\
20)",()=>{let{noise,p}=state.read(),[w_v,b]=derivedGate(noise,p);state.change({w_v,b})}),actions=html("div",{class:"actions"},fresh,solve);return{stage,formula:formula.
node,controls:html("div",{class:"controls at-work"},...Object.values(knobs),actions),layout(width){picture.layout(width),errors.layout(width)},update(given){values=
given,now=see(values),picture.update(values,now),errors.update(values,now);for(let name of Object.keys(knobs))knobs[name].show(values[name]);showStep(),write(result,
verdict(values,now.errors))},summary:given=>verdict(given,see(given).errors),done(given){let{own,derived}=see(given).errors,[w_v]=derivedGate(given.noise,given.
p);return own<1.03*derived&&Math.abs(given.w_v-w_v)>1e-6}}}var gate_at_work_default={render:({model,el})=>mount({model,el},NAMES,build)};export{gate_at_work_default as default};
