// Made of rnnbook/widgets/js by "make widgets"; change it there.
var SVG="http://www.w3.org/2000/svg";function set(node,attributes){for(let[name,value]of Object.entries(attributes))value==null?node.removeAttribute(name):node.
getAttribute(name)!==String(value)&&node.setAttribute(name,value);return node}function html(tag,attributes={},...children){let node=set(document.createElement(tag),
attributes);return node.append(...children),node}function svg(tag,attributes={},...children){let node=set(document.createElementNS(SVG,tag),attributes);return node.
append(...children),node}function write(node,text){if(node.textContent===text)return;let[only,...others]=node.childNodes;only?.nodeType===Node.TEXT_NODE&&!others.length?only.data=text:node.
textContent=text}function symbol(name){let[base,index]=name.split("_"),letter=index&&html("sub",{},...index.split(/\b([a-z])\b/).map(c=>/[a-z]/.test(c)&&c.length===
1?html("i",{},c):c)),leaning=base.split(new RegExp("(\\p{L}+)","u")).filter(Boolean).map(part=>new RegExp("\\p{L}","u").test(part)?html("i",{},part):part);return html(
"span",{class:"symbol"},...leaning,...index?[letter]:[])}var MARKUP=[[/^`([^`]+)`/,text=>html("code",{},text)],[/^\*\*([^*]+)\*\*/,text=>html("strong",{},...inline(
text))],[/^\*([^*\s][^*]*)\*/,text=>html("em",{},...inline(text))],[/^([A-Za-z]_[A-Za-z0-9]+)/,text=>symbol(text)],[/^_\{([^}]+)\}/,text=>html("sub",{},text.replace(
"-","−"))],[/^\^\{([^}]+)\}/,text=>html("sup",{},text.replace("-","−"))],[/^\^([A-Za-z0-9])(?![A-Za-z0-9])/,text=>html("sup",{},text)]];function inline(source){
let nodes=[],text="",rest=source;for(;rest;){let[found,make]=MARKUP.map(([pattern,make2])=>[rest.match(pattern),make2]).find(([m])=>m)??[];found&&nodes.push(text,
make(found[1])),text=found?"":text+rest[0],rest=rest.slice(found?found[0].length:1)}return[...nodes,text].filter(node=>node!=="")}function label(attributes,source){
let node=svg("text",attributes),shift=0;for(let part of source.split(/([_^]\{[^}]*\})/)){let move=part.startsWith("_{")?4:part.startsWith("^{")?-6:0,text=move?part.
slice(2,-1):part;text&&(node.append(svg("tspan",{dy:move-shift,class:move?"index":null},text)),shift=move)}return node}function scale(d0,d1,r0,r1){let map=value=>r0+
(value-d0)/(d1-d0)*(r1-r0);return map.invert=place2=>d0+(place2-r0)/(r1-r0)*(d1-d0),map}function clamp(value,low,high){return Math.min(Math.max(value,low),high)}
function roundTicks(high,count){let rough=high/count,power2=10**Math.floor(Math.log10(rough)),step=[1,2,5,10].map(m=>m*power2).find(s=>s>=rough);return Array.from(
{length:Math.floor(high/step+1e-9)+1},(_,k)=>k*step)}var RAISED={"-":"⁻",0:"⁰",1:"¹",2:"²",3:"³",4:"⁴",5:"⁵",6:"⁶",7:"⁷",8:"⁸",9:"⁹"};function raised(integer){
return String(integer).split("").map(c=>RAISED[c]).join("")}function decimal(value,digits=2){let text=value.toFixed(digits);return(Number(text)===0?text.replace(
"-",""):text).replace("-","−")}function short(value){if(!Number.isFinite(value))return"∞";if(value===0)return"0";let size=Math.abs(value);if(size>=1e5||size<
.001){let exponent=Math.floor(Math.log10(size)),digits=(size/10**exponent).toFixed(1);return digits==="10.0"&&([digits,exponent]=["1.0",exponent+1]),`${value<0?
"−":""}${digits}·10${raised(exponent)}`}return size>=999.5?decimal(value,0).replace(/\B(?=(\d{3})+$)/g,","):decimal(value,size>=99.95?0:size>=9.995?1:size>=.0995?
2:size>=.00995?3:4)}function power(log){return log===-1/0?"0":Math.abs(log)<290?short(10**log):`10${raised(Math.round(log))}`}var KEYS={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1,PageUp:10,PageDown:-10,Home:-1/0,End:1/0};function handle(picture,name,{drag,nudge,cursor}){let dot2=svg(
"circle",{r:8,class:"dot"}),group=svg("g",{class:"handle",role:"slider",tabindex:0,"aria-label":name,style:`cursor:${cursor}`},svg("circle",{r:22,class:"reach"}),
svg("circle",{r:13,class:"halo"}),dot2),held=null,place2=event=>{let box=picture.getBoundingClientRect();return[event.clientX-box.left,event.clientY-box.top]};group.
addEventListener("pointerdown",event=>{if(event.button>0)return;event.preventDefault(),group.focus({preventScroll:!0}),group.setPointerCapture(event.pointerId);
let[x,y]=place2(event);held=[group.at[0]-x,group.at[1]-y],group.classList.add("held")}),group.addEventListener("pointermove",event=>{if(!held)return;let[x,y]=place2(
event);drag(x+held[0],y+held[1])});let release=()=>{held=null,group.classList.remove("held")};return group.addEventListener("pointerup",release),group.addEventListener(
"pointercancel",release),group.addEventListener("keydown",event=>{!(event.key in KEYS)||event.ctrlKey||event.metaKey||event.altKey||(event.preventDefault(),nudge(
KEYS[event.key]))}),group.at=[0,0],group}function moveHandle(group,x,y,{now,low,high,text}){group.at=[x,y],set(group,{transform:`translate(${x.toFixed(2)} ${y.toFixed(
2)})`,"aria-valuemin":low,"aria-valuemax":high,"aria-valuenow":now,"aria-valuetext":text})}function stopsByRatio(low,high,whole){let stops=[];for(let stop=low;stop<high;)stops.push(stop),stop=whole?Math.max(stop+1,Math.round(1.02*stop)):1.02*stop;return[
...stops,high]}function placeAmong(stops,value){let after=stops.findIndex(stop=>stop>=value);return after<=0?after<0?stops.length-1:0:after-(stops[after]-value)/
(stops[after]-stops[after-1])}function control(name,{title,term,range:[low,high],step,curve,whole,change}){let stops=curve==="log"?stopsByRatio(low,high,whole):
null,[first,last]=stops?[0,stops.length-1]:[low,high],inward=value=>stops?placeAmong(stops,value):value,outward=place2=>stops?stops[place2]:place2,tidy=value=>whole?
Math.round(value):value,pitch=stops?1:step,slider=html("input",{type:"range",min:first,max:last,step:pitch,"data-name":name}),field=html("input",{type:"number",
min:low,max:high,step,inputmode:"decimal","data-name":name,"aria-label":`${title}, as a number`}),node=html("div",{class:"control","data-term":term},html("label",
{},html("span",{class:"name"},...caption(title)),slider),field);slider.addEventListener("input",()=>change(tidy(clamp(outward(Number(slider.value)),low,high)))),
field.addEventListener("input",()=>{let value=field.valueAsNumber;value>=low&&value<=high&&change(tidy(value))}),field.addEventListener("change",()=>{let value=field.
valueAsNumber;change(tidy(clamp(Number.isNaN(value)?node.value:value,low,high))),field.value=rounded(node.value)});let zero=low<0?(0-low)/(high-low):0,shown;return node.
show=value=>{node.value=value;let place2=inward(value);if(slider.value=place2>first&&place2<last?clamp(place2,first+pitch,last-pitch):place2,value!==shown){shown=
value;let part=(place2-first)/(last-first);set(slider,{"aria-valuetext":`${title} ${decimal(value,whole?0:2)}`}),slider.style.setProperty("--from",Math.min(zero,
part)),slider.style.setProperty("--to",Math.max(zero,part))}let text=rounded(value);field.value!==text&&field!==field.getRootNode().activeElement&&(field.value=
text)},node}function knob(state,name,title,step,more={}){return control(name,{title,step,term:name,range:state.ranges[name],change:value=>state.change({[name]:value}),
...more})}function rounded(value){return String(Number(value.toFixed(3)))}function caption(title){let words=title.split(" ");return[`${words.slice(0,-1).join(" ")}\
 `,symbol(words.at(-1))]}function agrees(state,values){return Object.entries(values).every(([name,value])=>typeof value=="string"?state[name]===value:Math.abs(state[name]-
value)<1e-9)}function presetBar(presets,choose){let buttons=presets.map(preset=>{let button=html("button",{type:"button","aria-pressed":"false"},...inline(preset.
name));return button.addEventListener("click",()=>choose(preset)),button}),about=html("p",{class:"about"}),node=html("div",{class:"presets"},html("div",{class:"\
chips",role:"group","aria-label":"Presets"},...buttons),about);return node.show=state=>{let present=presets.findIndex(preset=>agrees(state,preset.set));buttons.
forEach((button,k)=>set(button,{"aria-pressed":String(k===present)})),about.classList.toggle("past",present<0),present>=0&&about.dataset.present!==String(present)&&
(about.dataset.present=present,about.replaceChildren(...inline(presets[present].about)))},node.forget=()=>{delete about.dataset.present,about.replaceChildren()},
node}function ownKey(model){let page=Symbol.for("rnnbook.keys"),keys=globalThis[page]??=new Map,wanted=model.get("key"),key=wanted;for(let k=2;keys.has(key)&&keys.
get(key)!==model;k++)key=`${wanted}-${k}`;return keys.set(key,model),key}function readAddress(){let parts=location.hash.slice(1).split("&").filter(part=>part.includes(
"="));return Object.fromEntries(parts.map(part=>part.split("=",2)))}function stateInAddress(key,names,possible){let entries=(readAddress()[key]??"").split(",").
map(pair=>pair.split(":")),state={};for(let[name,text]of entries){let value=text===void 0||text===""||Number.isNaN(Number(text))?text:Number(text);names.includes(
name)&&possible(name,value)&&(state[name]=value)}return state}function addressWith(key,state){let others=Object.entries(readAddress()).filter(([name])=>name!==key),
text=Object.entries(state).map(([name,value])=>`${name}:${spell(value)}`).join(","),parts=(text?[...others,[key,text]]:others).map(part=>part.join("=")),anchor=location.
hash.includes("=")?"":location.hash;return location.pathname+location.search+(parts.length?`#${parts.join("&")}`:anchor)}function spell(value){return typeof value==
"number"?Number(value.toPrecision(6)):value}function ownKeys(root){for(let node of root.querySelectorAll("input, button, [tabindex]"))node.dataset.lmSuppressShortcuts=
"true";root.addEventListener("keydown",event=>{!(event.ctrlKey||event.metaKey||event.altKey)&&!/^(Tab|Escape|F\d+)$/.test(event.key)&&event.stopPropagation()})}
var NARROW=480;function store(model,names){let ranges=model.get("_ranges")??{},read=()=>Object.fromEntries(names.map(name=>[name,model.get(name)])),possible=(name,value)=>name in
ranges?typeof value=="number"&&value>=ranges[name][0]&&value<=ranges[name][1]:typeof value=="string",changed=()=>{},quiet=!1,listen=()=>quiet||changed(read());return names.
forEach(name=>model.on(`change:${name}`,listen)),{ranges,presets:model.get("_presets")??[],goal:model.get("goal"),read,possible,first:read(),whenChanged:callback=>changed=
callback,change(part){quiet=!0;for(let[name,value]of Object.entries(part))model.set(name,name in ranges?clamp(value,...ranges[name]):value);quiet=!1,changed(read()),
model.save_changes()},close:()=>names.forEach(name=>model.off(`change:${name}`,listen))}}function lightPartners(root){let partners=new Map;for(let node of root.
querySelectorAll("[data-term]")){let term=node.dataset.term;partners.set(term,[...partners.get(term)??[],node])}let lit=null,light=term=>{term!==lit&&(partners.
get(lit)?.forEach(node=>node.classList.remove("shine")),partners.get(term)?.forEach(node=>node.classList.add("shine")),lit=term)},of=event=>event.target.closest?.(
"[data-term]")?.dataset.term??null,focused=()=>root.querySelector("[data-term]:focus-within, [data-term]:focus")?.dataset.term;root.addEventListener("pointerove\
r",event=>light(of(event)??focused()??null)),root.addEventListener("pointerleave",()=>light(focused()??null)),root.addEventListener("focusin",event=>light(of(event))),
root.addEventListener("focusout",()=>light(null))}function followInk(root){let said="[data-theme], [data-jp-theme-light], [theme], .vscode-dark, .vscode-light",
look=()=>{if(root.parentElement?.closest(said))return;let[r,g,b]=getComputedStyle(root.parentElement??root).color.match(/[\d.]+/g).map(Number);root.dataset.scheme=
.3*r+.59*g+.11*b>140?"dark":"light"},query=matchMedia("(prefers-color-scheme: dark)");return query.addEventListener("change",look),requestAnimationFrame(look),()=>query.
removeEventListener("change",look)}function mount({model,el},names,build2){let plainPage=model.widget_manager===void 0,state=store(model,names),key=ownKey(model),
parts=build2(state),presets=presetBar(state.presets,preset=>state.change(preset.set)),task=guidance("Try",model.get("try_this"));parts.done&&task.append(html("s\
pan",{class:"met","aria-hidden":"true"}," ✓"));let reset=html("button",{type:"button",class:"quiet"},"Reset"),share2=html("button",{type:"button",class:"quie\
t"},"Copy link"),status=html("p",{class:"unseen",role:"status"}),tools=html("div",{class:"tools"},reset,...plainPage?[share2]:[]),root=html("div",{class:"rnn-ex\
plorable",role:"group","aria-label":model.get("title")},html("div",{class:"head"},html("p",{class:"title"},model.get("title")),tools),task,presets,parts.stage,parts.
controls,guidance("Notice",model.get("notice")),status),timer=0,settle=values=>{clearTimeout(timer),timer=setTimeout(()=>{write(status,parts.summary(values)),plainPage&&
history.replaceState(history.state,"",addressWith(key,difference(state,values)))},400)},show=values=>{parts.update(values),presets.show(values),task.classList.toggle(
"done",parts.done?.(values)??!1)};state.whenChanged(values=>{show(values),settle(values)}),reset.addEventListener("click",()=>{presets.forget(),state.change(state.
first)}),share2.addEventListener("click",async()=>{history.replaceState(history.state,"",addressWith(key,state.read())),write(share2,await copied(location.href)?
"Copied":"It is in the address bar"),setTimeout(()=>write(share2,"Copy link"),2e3)}),el.append(root),lightPartners(root),ownKeys(root);let forgetInk=followInk(root),
fitted,fit=()=>{let width=Math.max(parts.stage.clientWidth||640,240);if(width===fitted)return!1;fitted=width;let before=width<NARROW?parts.formula:parts.stage;return before.
nextElementSibling!==parts.controls&&before.after(parts.controls),parts.layout(width),!0};fit();let stored=plainPage?stateInAddress(key,names,state.possible):{};
Object.keys(stored).length?(state.change(stored),Object.keys(readAddress())[0]===key&&requestAnimationFrame(()=>root.scrollIntoView({block:"start"}))):show(state.
read());let observer=new ResizeObserver(()=>fit()&&show(state.read()));return observer.observe(parts.stage),()=>{observer.disconnect(),state.close(),forgetInk(),
clearTimeout(timer)}}function difference(state,values){return Object.fromEntries(Object.entries(values).filter(([name,value])=>value!==state.first[name]))}function guidance(word,text){
let kind=word.toLowerCase();return html("p",{class:`guidance ${kind}`},html("strong",{},`${word}: `),...inline(text))}async function copied(text){try{return await navigator.
clipboard.writeText(text),!0}catch{return!1}}function tanhSlope(a){let power2=Math.exp(-2*Math.abs(a));return 4*power2/((1+power2)*(1+power2))}var UNITS=16,[SYMBOLS,CHANNELS]=[4,5],LONGEST=200;function uniform(seed){let state=seed|0;return()=>{state=state+1831565813|0;let t=Math.imul(state^state>>>15,1|
state);return t=t+Math.imul(t^t>>>7,61|t)^t,(((t^t>>>14)>>>0)+.5)/4294967296}}function orthonormal(rows){let done=[];for(let row of[...rows]){let v=row;for(let again=0;again<
2;again++)for(let e of done){let along=dot(v,e);v=v.map((value,k)=>value-along*e[k])}let size=Math.hypot(...v);done.push(v.map(value=>value/size))}return done}function spectralNorm(matrix){
let v=matrix[0].map((_,k)=>1/(k+2)),size=0;for(let k=0;k<2e3;k++){let u=matrix.map(row=>dot(row,v));v=v.map((_,q)=>u.reduce((sum,value,p)=>sum+value*matrix[p][q],
0));let square=Math.hypot(...v);if(v=v.map(value=>value/square),Math.abs(square-size)<=1e-16*square)break;size=square}return Math.sqrt(size)}function dot(u,v){let sum=0;
for(let k=0;k<u.length;k++)sum+=u[k]*v[k];return sum}function creditDraw(seed){let next=uniform(seed),within=bound=>bound*(2*next()-1),normal=()=>Math.sqrt(-2*Math.
log(next()))*Math.cos(2*Math.PI*next()),vector=(length,make)=>Array.from({length},make),matrix=(rows,columns,make)=>vector(rows,()=>vector(columns,make)),[narrow,
wide]=[()=>within(1/Math.sqrt(UNITS)),()=>within(1/Math.sqrt(CHANNELS))],drawn={W_x:matrix(UNITS,CHANNELS,narrow),W_h:matrix(UNITS,UNITS,narrow),b:vector(UNITS,
()=>narrow()+narrow()),Q:orthonormal(matrix(UNITS,UNITS,normal)),V:matrix(UNITS,CHANNELS,wide),c:vector(UNITS,wide),U:matrix(SYMBOLS,UNITS,narrow),d:vector(SYMBOLS,
narrow),symbol:Math.floor(SYMBOLS*next()),noise:vector(LONGEST,normal)};return{...drawn,norm:spectralNorm(drawn.W_h)}}function creditOfSteps(drawn,start,s,delay){
let carousel=start==="carousel",[W_x,b]=carousel?[drawn.V,drawn.c]:[drawn.W_x,drawn.b],W=start==="orthogonal"?drawn.Q:drawn.W_h,gain=start==="orthogonal"?s:s/drawn.
norm,slopes=[],h=new Float64Array(UNITS);for(let k=0;k<=delay;k++){let channel=k?CHANNELS-1:drawn.symbol,value=k?drawn.noise[k-1]:1,[next,slope]=[new Float64Array(
UNITS),new Float64Array(UNITS)];for(let p=0;p<UNITS;p++){let a=W_x[p][channel]*value+b[p]+(carousel?0:gain*dot(W[p],h));slope[p]=tanhSlope(a),next[p]=Math.tanh(
a)+(carousel?h[p]:0)}slopes.push(slope),h=next}let logits=drawn.U.map((row,q)=>dot(row,h)+drawn.d[q]),most=Math.max(...logits),powers=logits.map(logit=>Math.exp(
logit-most)),total=powers.reduce((sum,power2)=>sum+power2,0),errors=powers.map((power2,q)=>power2/total-(q===drawn.symbol?1:0)),delta=drawn.U[0].map((_,p)=>errors.
reduce((sum,e,q)=>sum+e*drawn.U[q][p],0)),log=0,[deltas,alphas,sizes]=[[],[],[]];for(let k=delay;k>=0;k--){let size=Math.sqrt(dot(delta,delta));log+=Math.log10(
size);let alpha=delta.map((value,p)=>slopes[k][p]*value/size);deltas[k]=log,alphas[k]=log+Math.log10(dot(alpha,alpha))/2,sizes[k]=k?Math.abs(drawn.noise[k-1]):1;
let back=new Float64Array(UNITS);for(let p=0;p<UNITS;p++)if(carousel)back[p]=delta[p]/size;else for(let q=0;q<UNITS;q++)back[q]+=gain*W[p][q]*alpha[p];delta=back}
let credits=alphas.map((value,k)=>value+Math.log10(sizes[k])),bound=deltas[delay]+Math.log10(Math.max(...sizes));return{deltas,alphas,sizes,credits,bound}}var NAMES=["delay","s","start","draw","step"],STARTS=["random","orthogonal","carousel"],[FIRST_SEED,DRAWS]=[12,5],[LOWEST,HIGHEST]=[-24,8],[FAINTEST,LOUDEST]=[-20,
4],ROW={title:14,loss:48,state:104,input:160,kind:176},BARS={title:211,top:238,base:430,ticks:456,axis:475,height:482},SLOTS=11,FLOW="stroke:none;fill:var(--acc\
ent)",BAR="color-mix(in srgb, var(--accent) 62%, var(--surface))";function credit(){let draws=new Map,last={};return({delay,s,start,draw,step})=>{let known=STARTS.
includes(start)?start:"random";draws.has(draw)||draws.set(draw,creditDraw(FIRST_SEED+draw));let given=[draw,known,s,delay].join();if(last.given!==given){let drawn=draws.
get(draw),carousel=known==="carousel",slope=carousel?0:Math.log10(s);last={...creditOfSteps(drawn,known,s,delay),given,drawn,slope,carousel,start:known,T:delay+
1}}return{...last,k:Math.min(step,delay+1)}}}function naturalNorm(drawn){return Number(drawn.norm.toFixed(3))}function formula(){let[whole,alpha,size]=[0,1,2].map(
()=>html("span",{class:"number"})),term=(name,key,number,...parts)=>html("span",{class:`term ${key}`,"data-term":name},html("span",{},...parts),number),sign=text=>html(
"span",{class:"sign"},text),index=()=>html("sub",{},html("i",{},"k")),prime=html("span",{style:"font-family: var(--rnn-serif, serif)"},"′");return{node:html("\
div",{class:"equation",role:"math","aria-label":"The size of dL/dW_x at step k is the size of tanh′(a_k) ⊙ δ_k times that of x_k"},term("credit","tint-ink",
whole,"‖d",symbol("L"),"/d",symbol("W_x"),"|",index(),"‖"),sign("="),term("delta","tint-ink",alpha,"‖tanh",prime,"(",symbol("a_k"),") ⊙ ",symbol("δ_k"),
"‖"),sign("·"),term("x","q-x",size,"‖",symbol("x_k"),"‖")),update:({credits,alphas,sizes,k})=>{write(whole,power(credits[k-1])),write(alpha,power(alphas[k-
1])),write(size,short(sizes[k-1]))}}}function shownSteps(T,k,places){if(T<=places)return Array.from({length:T},(_,at)=>at+1);let shown=[],withGaps=steps=>[...new Set(
steps)].filter(step=>step>=1&&step<=T).sort((one,other)=>one-other).flatMap((step,at,all)=>at&&step-all[at-1]>1?[0,step]:[step]),wanted=[1,T,k,k+1,k-1,2,T-1];for(let more=2;more<
places;more++)wanted.push(k+more,k-more,1+more,T-more);let taken=[];for(let step of wanted){let next=withGaps([...taken,step]);next.length>places||(taken.push(step),
shown=next)}return shown}function arrowHead(x,y,direction){return direction==="up"?`M${x-4} ${y+7}L${x} ${y}L${x+4} ${y+7}`:`M${x-7} ${y-4}L${x} ${y}L${x-7} ${y+
4}`}function flowWidth(log){return 1+15*clamp((log-FAINTEST)/(LOUDEST-FAINTEST),0,1)}function indexed(base,attributes){let index=svg("tspan",{dy:4,class:"index",
style:"font-family:var(--mathematics);font-style:normal"}),node=svg("text",attributes,svg("tspan",{},base),index);return node.say=(letter,text)=>{write(node.firstChild,
letter),write(index,text)},node}function place(){let lossLine=svg("path",{style:"fill:none"}),lossHead=svg("path",{style:"fill:none"}),lossBox=svg("rect",{x:-17,
y:ROW.loss-16,width:34,height:24,rx:4}),loss=indexed("L",{class:"math",y:ROW.loss+1,style:"font-size:15px"}),input=svg("path",{style:"stroke:var(--q-x);fill:non\
e;stroke-width:1.75"}),inputName=indexed("x",{class:"math q-x",y:ROW.input,"data-term":"x"}),kind=svg("text",{class:"note small",y:ROW.kind}),circle=svg("circle",
{cy:ROW.state}),name=indexed("h",{class:"math",y:ROW.state+4}),box=svg("g",{class:"box"},lossBox);return{node:svg("g",{},lossLine,lossHead,box,loss,input,inputName,
kind,circle,name),update:(step,now,radius,narrow)=>{let[end,chosen]=[step===now.T,step===now.k],hueOf=now.carousel?"C":"h",stroke=end?"fill:none;stroke:var(--in\
k);stroke-width:1.75":"fill:none;stroke:var(--edge)",aside=end?"translate(-9 0)":null;set(lossLine,{d:`M0 ${ROW.state-radius}V${ROW.loss+10}`,style:stroke+(end?
"":";stroke-dasharray:2 3"),transform:aside}),set(lossHead,{d:arrowHead(0,ROW.loss+10,"up"),style:stroke,transform:aside}),set(box,{style:end?null:"display:none"}),
set(loss,{style:`font-size:15px;fill:var(--${end?"ink":"muted"})`}),loss.say("L",String(step)),set(input,{d:`M0 ${ROW.input-15}V${ROW.state+radius+1}${arrowHead(
0,ROW.state+radius+1,"up")}`}),inputName.say("x",String(step)),write(kind,step===1?"symbol":"noise"),set(circle,{r:radius,style:`fill:var(--surface);stroke:var(\
--q-${hueOf});stroke-width:${chosen?4:2}`});let size=(narrow?14:16)-(step>99?2:0);set(name,{class:`math q-${hueOf}`,style:`font-size:${size}px`}),name.say(now.carousel?
"C":"h",String(step))}}}function wire(){let forward=svg("path",{style:"stroke:var(--ink);fill:none;stroke-width:1.75"}),dots=svg("text",{class:"note",y:ROW.state-
3,style:"font-size:17px"},"⋯"),back=svg("path",{style:FLOW,"data-term":"delta"}),factor=svg("text",{class:"note small haloed",y:ROW.state+37});return{node:svg(
"g",{},back,forward,dots,factor),update:(from,to,gap,logs,said)=>{let[x0,x1]=[from+2,to-2],y=ROW.state-8,mid=(x0+x1)/2;set(forward,{d:`M${x0} ${y}H${gap?mid-13:
x1}${gap?`M${mid+13} ${y}H${x1}`:""}${arrowHead(x1,y,"right")}`}),set(dots,{x:mid,style:`font-size:17px${gap?"":";display:none"}`});let low=ROW.state+10,[left,right]=logs.
map(log=>flowWidth(log)/2),head=Math.max(left+2.5,4);set(back,{d:`M${x0} ${low}L${x0+8} ${(low-head).toFixed(1)}V${(low-left).toFixed(1)}L${x1} ${(low-right).toFixed(
1)}V${(low+right).toFixed(1)}L${x0+8} ${(low+left).toFixed(1)}V${(low+head).toFixed(1)}Z`,style:`${FLOW};fill-opacity:${(.3+.55*left/8).toFixed(2)}`}),write(factor,
said),set(factor,{x:mid})}}}function legend(){let y=ROW.title-5,marks=[svg("path",{d:`M0 ${y}h22${arrowHead(22,y,"right")}`,style:"stroke:var(--ink);fill:none;s\
troke-width:1.75"}),svg("path",{d:`M0 ${y}l8 -7v4h14v6h-14v4Z`,style:FLOW,"fill-opacity":.7}),svg("path",{d:`M11 ${y+7}v-14`,style:"stroke:var(--edge);stroke-da\
sharray:2 3"})],words=marks.map(()=>svg("text",{class:"note start",y:ROW.title})),terse=["states","δ, log width","no loss"],full=["forward: the states","back: \
δ, as wide as log ‖δ‖","no loss: not asked yet"],layout=(left,brief)=>marks.forEach((mark,at)=>{let x=left+(brief?[0,88,208]:[0,176,396])[at];set(mark,{transform:`\
translate(${x} 0)`}),set(words[at],{x:x+(at<2?29:19)}),write(words[at],(brief?terse:full)[at])});return{node:svg("g",{},...marks,...words),layout}}function unrolled(picture){
let places=Array.from({length:SLOTS},place),wires=Array.from({length:SLOTS-1},wire),loss=svg("path",{style:FLOW,"data-term":"delta"}),keys=legend(),node=svg("g",
{},keys.node,loss,...wires.map(w=>w.node),...places.map(p=>p.node));picture.append(node);let across,narrow,count,radius,layout=(first,last,width)=>{narrow=width<
NARROW,radius=narrow?14:17,count=clamp(Math.floor((last-first)/(narrow?42:62))+1,5,SLOTS),across=(at2,all)=>first+(last-first)*at2/(all-1),keys.layout(narrow?0:
first-17,width<620)},at=new Map;return{node,layout,update:now=>{let shown=shownSteps(now.T,now.k,count);at=new Map,shown.forEach((step,slot)=>step&&at.set(step,
across(slot,shown.length)));let steps=[...at.keys()];places.forEach(({node:node2,update:update2},slot)=>{let step=steps[slot];set(node2,{style:step?null:"displa\
y:none",transform:step?`translate(${at.get(step).toFixed(1)} 0)`:null}),step&&update2(step,now,radius,narrow)}),wires.forEach(({node:node2,update:update2},slot)=>{
let[from,to]=[steps[slot],steps[slot+1]];if(set(node2,{style:to?null:"display:none"}),!to)return;let logs=[from,to].map(step=>now.deltas[step-1]),factor=from===
now.k&&to===from+1?`×${power(logs[0]-logs[1])}`:"";update2(at.get(from)+radius,at.get(to)-radius,to-from>1,logs,factor)});let half=flowWidth(now.deltas[now.T-1])/
2,x=at.get(now.T)+6,y=ROW.state-radius;return set(loss,{d:`M${x} ${y+1}l${-half-3} -8h3V${ROW.loss+9}h${2*half}V${y-7}h3Z`,style:`${FLOW};fill-opacity:${(.3+.55*
half/8).toFixed(2)}`}),at},radius:()=>radius}}function bars(picture,state,look){let grid=svg("g",{class:"ticks"}),ticks=svg("g",{class:"ticks"}),lens=svg("path",
{style:"stroke:none;fill:var(--sunk)"}),all=svg("path",{style:`stroke:${BAR};fill:none`,"data-term":"credit"}),chosen=svg("path",{style:"stroke:var(--accent);fi\
ll:none","data-term":"credit"}),bound=svg("path",{style:"stroke:var(--ink);fill:none;stroke-width:2;stroke-dasharray:1 5;stroke-linecap:round","data-term":"s"}),
beyond=svg("path",{style:"stroke:none;fill:var(--accent)"}),words={title:label({class:"axis start haloed"},"credit of step k: ‖dL/dW_{x}|_{k}‖, log scale"),
axis:label({class:"axis"},"distance from the question, T − k"),bound:label({class:"note haloed","data-term":"s"},"bound ∝ s^{T−k}"),level:label({class:"no\
te haloed"},"bound: 1 at every step"),value:svg("text",{class:"value",style:"fill:var(--accent)"}),first:svg("text",{class:"value",style:"fill:var(--accent)"})},
area=svg("rect",{style:"fill:transparent;stroke:none;touch-action:pan-y",y:0}),mark=handle(picture,"Step k",{cursor:"ew-resize",drag:x=>choose(x),nudge:steps=>state.
change({step:clamp(now.k+steps,1,now.T)})});mark.style.setProperty("--q","var(--accent)"),picture.prepend(lens),picture.append(grid,ticks,all,chosen,beyond,bound,
...Object.values(words),area,mark);let up=scale(LOWEST,HIGHEST,BARS.base,BARS.top),now,first,last,width,across,drawn,nearest=x=>clamp(Math.round(across.invert(x)),
1,now.T),choose=x=>state.change({step:nearest(x)}),placeOf=event=>event.clientX-picture.getBoundingClientRect().left,held=!1;area.addEventListener("pointerdown",
event=>{event.button>0||(held=!0,area.setPointerCapture(event.pointerId),choose(placeOf(event)))}),area.addEventListener("pointermove",event=>{held?choose(placeOf(
event)):event.pointerType==="mouse"&&look(nearest(placeOf(event)))});let release=()=>held=!1;area.addEventListener("pointerup",release),area.addEventListener("p\
ointercancel",release),area.addEventListener("pointerleave",()=>look(null));let layout=(from,to,newWidth)=>{[first,last,width]=[from,to,newWidth],drawn=null;let[
left,right]=[first-12,last+12];grid.replaceChildren(...[-24,-16,-8,0,8].flatMap(log=>[svg("line",{x1:left,x2:right,y1:up(log),y2:up(log)}),svg("text",{class:"ti\
ck end",x:left-5,y:up(log)+4},log?`10${raised(log)}`:"1")])),set(words.title,{x:0,y:BARS.title}),set(words.axis,{x:(first+last)/2,y:BARS.axis}),set(area,{x:left,
width:right-left,y:BARS.top-6,height:BARS.base-BARS.top+6})},axis=T=>{drawn=T,across=scale(1,T,first,last);let distances=roundTicks(T-1,width<NARROW?4:8);ticks.
replaceChildren(...distances.map(d=>svg("text",{class:"tick",x:across(T-d).toFixed(1),y:BARS.ticks},String(d))))},update=(values,at,radius)=>{now=values;let{T,k,
credits}=now;drawn!==T&&axis(T);let gap=(last-first)/(T-1),thick=clamp(gap*.72,1.2,26),column=step=>{let y=up(clamp(credits[step-1],LOWEST,HIGHEST)).toFixed(1);
return`M${across(step).toFixed(1)} ${BARS.base}V${y}`},steps=Array.from({length:T},(_,step)=>step+1);set(all,{d:steps.map(column).join(""),"stroke-width":thick.
toFixed(1)}),set(chosen,{d:column(1)+column(k),"stroke-width":Math.max(thick,4).toFixed(1)});let arrows=steps.filter(n=>credits[n-1]<LOWEST||credits[n-1]>HIGHEST),
every=Math.ceil(6/gap),wing=clamp(gap*every*.35,2,5);set(beyond,{d:arrows.filter(n=>n===1||n%every===0).map(n=>{let x2=across(n);return credits[n-1]<LOWEST?`M${(x2-
wing).toFixed(1)} ${BARS.base-9}h${(2*wing).toFixed(1)}L${x2.toFixed(1)} ${BARS.base-1}Z`:`M${(x2-wing).toFixed(1)} ${BARS.top+1}h${(2*wing).toFixed(1)}L${x2.toFixed(
1)} ${BARS.top-8}Z`}).join("")});let x=across(k),half=Math.max(thick/2,2)+1;set(lens,{d:`M${(at.get(k)-radius).toFixed(1)} ${ROW.kind+6}H${(at.get(k)+radius).toFixed(
1)}L${(x+half).toFixed(1)} ${BARS.top}V${BARS.base}H${(x-half).toFixed(1)}V${BARS.top}Z`});let taken=[nameBar(words.value,k)],away=Math.abs(across(1)-x)>90,clipped=credits[0]<
LOWEST||credits[0]>HIGHEST;set(words.first,{style:`fill:var(--accent)${clipped&&away?"":";display:none"}`});let oldest=nameBar(words.first,1);clipped&&away&&taken.
push(oldest),drawBound(taken),moveHandle(mark,x,BARS.base,{now:k,low:1,high:T,text:`step ${k} of ${T}, credit ${power(credits[k-1])}`})},boundAt=step=>now.bound+
now.slope*(now.T-step),nameBar=(word,k)=>{write(word,power(now.credits[k-1]));let half=word.textContent.length*7.4/2,x=clamp(across(k),first-8+half,width-half),
from=clamp(Math.ceil(across.invert(x-half)),1,now.T),to=clamp(Math.floor(across.invert(x+half)),from,now.T),tallest=Math.max(now.credits[k-1],...now.credits.slice(
from-1,to)),y=up(clamp(tallest,LOWEST+1.5,HIGHEST))-(tallest>HIGHEST?12:7),limits=[from,to].map(step=>up(boundAt(step))),[high,low]=[Math.min(...limits),Math.max(
...limits)];return low>y-15&&high<y+5&&high>BARS.top&&(y=high-8),set(word,{x:x.toFixed(1),y:y.toFixed(1)}),{x,y,half}},drawBound=taken=>{let{T,slope,bound:height,
carousel}=now,limit=slope>0?HIGHEST:LOWEST,leaves=slope?T-(limit-height)/slope:-1/0,end=Math.max(1,leaves);set(bound,{d:`M${last} ${up(height).toFixed(1)}L${across(
end).toFixed(1)} ${up(boundAt(end)).toFixed(1)}`});let word=words[carousel?"level":"bound"];set(words[carousel?"bound":"level"],{style:"display:none"});let half=carousel?
68:40,along=share2=>{let x2=clamp(across(T+(end-T)*share2),first-8+half,width-half),sides=[x2-half,x2+half].map(side=>clamp(across.invert(side),end,T));return{x:x2,
y:Math.min(...sides.map(step=>up(boundAt(step))))-10}},free=({x:x2,y:y2})=>taken.every(box=>Math.abs(x2-box.x)>half+box.half+4||Math.abs(y2-box.y)>18),inside=[.5,
.35,.65,.2,.8,0].map(along).filter(({y:y2})=>y2>BARS.top+10),above=[0,60,120].map(more=>({x:clamp(across(end)+more-30,first+half,width-half),y:BARS.top-9})),{x,
y}=[...inside,...above].find(free)??above[0];set(word,{x:x.toFixed(1),y:y.toFixed(1),style:null})};return{layout,update}}function told({k,T,deltas,credits,carousel}){
let back=T-k,who=k===1?"the symbol":"noise",when=back?`${back} ${back===1?"step":"steps"} before the end`:"the last",factor=power(deltas[k-1]-(deltas[k]??0)),way=back?
carousel?"each step’s factor is exactly 1":`J_{${k+1}} leaves ${factor} of what step ${k+1} was told`:"δ is g, straight from the loss",ratio=credits[k-1]-credits[T-
1],part=back?`, ${power(ratio)} ${ratio<0?"of":"times"} the last step’s`:"";return`Step ${k} (${who}), ${when}: ‖δ_{${k}}‖ = ${power(deltas[k-1])}; ${way}\
. Its credit is ${power(credits[k-1])}${part}.`}function choices(state,ownNorm){let group=`rnn-start-${Math.random().toString(36).slice(2,9)}`,radios=STARTS.map(
name=>html("input",{type:"radio",name:group,value:name}));radios.forEach(radio=>radio.addEventListener("change",()=>state.change({start:radio.value})));let starts=html(
"fieldset",{style:"flex:1 1 auto"},html("legend",{class:"unseen"},"Start of the weights"),html("div",{class:"switch",style:"flex-wrap:wrap;gap:0 14px"},...radios.
map(radio=>html("label",{},radio,radio.value)))),again=html("button",{type:"button"},"Another draw"),which=html("span");again.addEventListener("click",()=>{let{
draw,s}=state.read(),next=(draw+1)%DRAWS,natural=Math.abs(s-ownNorm(draw))<1e-6;state.change({draw:next,...natural?{s:ownNorm(next)}:{}})});let draws=html("div",
{class:"switch",style:"white-space:nowrap"},again,which);return{node:html("div",{style:"grid-column:1/-1;display:flex;flex-wrap:wrap;gap:0 24px"},starts,draws),
show:({start,draw})=>{radios.forEach(radio=>radio.checked=radio.value===start),write(which,`${draw+1} of ${DRAWS}`)}}}function build(state){let look=credit(),picture=svg(
"svg",{class:"chart",role:"group",height:BARS.height,"aria-label":"The network unrolled, and the credit of each of its steps"}),values=state.read(),pointed=null,
point=step=>{step!==pointed&&(pointed=step,update(values))},equation=formula(),network=unrolled(picture),columns=bars(picture,state,point),sentence=html("p",{class:"\
sentence"}),stage=html("div",{class:"stage"},equation.node,picture,sentence),ownNorm=draw=>naturalNorm(look({...values,draw}).drawn),knobs={delay:knob(state,"de\
lay","delay T−1",1,{curve:"log",whole:!0}),s:knob(state,"s","norm s",.05)},more=choices(state,ownNorm),update=given=>{given!==values&&(pointed=null),values=given;
let now=look({...values,step:pointed??values.step});equation.update(now);let at=network.update(now);columns.update(now,at,network.radius());for(let name of["del\
ay","s"])knobs[name].show(values[name]);knobs.s.style.opacity=now.carousel?.5:"";for(let input of knobs.s.querySelectorAll("input"))input.disabled=now.carousel;
more.show({...values,start:now.start}),say(sentence,told(now))};return{stage,formula:equation.node,controls:html("div",{class:"controls"},knobs.delay,knobs.s,more.
node),layout(width){set(picture,{width,viewBox:`0 0 ${width} ${BARS.height}`});let[first,last]=width<NARROW?[52,width-22]:[62,width-30];network.layout(first,last,
width),columns.layout(first,last,width),sentence.style.minHeight=width<NARROW?"":width<620?"4.35em":"2.9em"},update,summary:values2=>told(look(values2)).replace(
/[_{}]/g,"")}}function say(node,text){node.dataset.said!==text&&(node.dataset.said=text,node.replaceChildren(...inline(text)))}var credit_default={render:({model,
el})=>mount({model,el},NAMES,build)};export{credit_default as default};
