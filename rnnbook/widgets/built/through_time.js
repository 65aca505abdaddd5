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
count,power2=10**Math.floor(Math.log10(rough)),step=[1,2,5,10].map(m=>m*power2).find(s=>s>=rough);return Array.from({length:Math.floor(high/step+1e-9)+1},(_,k)=>k*
step)}var RAISED={"-":"⁻",0:"⁰",1:"¹",2:"²",3:"³",4:"⁴",5:"⁵",6:"⁶",7:"⁷",8:"⁸",9:"⁹"};function raised(integer){return String(integer).split(
"").map(c=>RAISED[c]).join("")}function decimal(value,digits=2){let text=value.toFixed(digits);return(Number(text)===0?text.replace("-",""):text).replace("-","−")}
function short(value){if(!Number.isFinite(value))return"∞";if(value===0)return"0";let size=Math.abs(value);if(size>=1e5||size<.001){let exponent=Math.floor(Math.
log10(size)),digits=(size/10**exponent).toFixed(1);return digits==="10.0"&&([digits,exponent]=["1.0",exponent+1]),`${value<0?"−":""}${digits}·10${raised(exponent)}`}
return size>=999.5?decimal(value,0).replace(/\B(?=(\d{3})+$)/g,","):decimal(value,size>=99.95?0:size>=9.995?1:size>=.0995?2:size>=.00995?3:4)}function power(log){
return log===-1/0?"0":Math.abs(log)<290?short(10**log):`10${raised(Math.round(log))}`}var KEYS={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1,PageUp:10,PageDown:-10,Home:-1/0,End:1/0};function handle(picture,name,{drag,nudge,cursor}){let dot=svg(
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
return!1}}function tanhSlope(a){let power2=Math.exp(-2*Math.abs(a));return 4*power2/((1+power2)*(1+power2))}function unitStep(phi,w,b,h){let a=w*h+b;return phi==="tanh"?[
Math.tanh(a),w*tanhSlope(a)]:[a,w]}function unitTrace(phi,w,b,start,steps){let states=[start],gains2=[],logs=[0];for(let t=1;t<=steps;t++){let[state,gain]=unitStep(
phi,w,b,states[t-1]);states.push(state),gains2.push(gain),logs.push(logs[t-1]+Math.log10(Math.abs(gain)))}return{states,gains:gains2,logs}}function vanishesAfter(logs,floor){
let first=-1;for(let t=logs.length-1;t>=0&&logs[t]<floor;t--)first=t;return first}var NAMES=["w","b","h_0","steps","phi"],FLOOR=-3,[DEEPEST,HIGHEST]=[-9,6],PAD={left:34,right:14,top:22,bottom:36},SQUARE=234,FOOT=10,BARE=1e3;function unit({w,b,
h_0,steps,phi}){let trace=unitTrace(phi,w,b,h_0,steps),boundLog=Math.log10(Math.abs(w));return{...trace,boundLog,last:trace.logs.at(-1),gone:vanishesAfter(trace.
logs,FLOOR)}}function reach(states,phi){let most=Math.max(...states.map(Math.abs));if(phi==="tanh"||most<=1.0001)return 1;let power2=10**Math.floor(Math.log10(most));
return[1,2,5,10].map(m=>m*power2).find(top=>top>=most)}function equation(state){let{numbers,term,sign}=equationParts(state),phi=sign("","phi");return{node:html(
"div",{class:"equation",role:"math","aria-label":"h_1 = φ(w h_0 + b)"},term("h_1","h","h_1"),sign("="),phi,sign("("),term("w","ink","w",.01),sign("·"),term("h\
_0","h","h_0",.005),sign("+"),term("b","ink","b",.01),sign(")")),update:({w,b,h_0,phi:name},{states})=>{write(phi,name==="tanh"?"tanh":"id"),write(numbers.w,decimal(
w)),write(numbers.b,decimal(b)),write(numbers.h_0,decimal(h_0)),write(numbers.h_1,decimal(states[1]))}}}function cobweb(){let node=svg("svg",{class:"chart",role:"\
img",height:SQUARE}),width,drawn,grid=svg("g",{class:"ticks"}),diagonal=svg("path",{class:"diagonal"}),line=svg("path",{class:"line map","data-term":"w"}),path=svg(
"path",{class:"cobweb","data-term":"h_0"}),start=svg("circle",{class:"start",r:5,"data-term":"h_0"}),words={axis:label({class:"axis"},"h_{t−1}"),up:label({class:"\
axis start"},"h_{t} = φ(w·h_{t−1} + b)"),same:label({class:"note small haloed"},"h_{t} = h_{t−1}"),start:label({class:"value q-h"},"h_{0}")},unit2=svg("ts\
pan",{dy:-4});words.axis.append(unit2),node.append(grid,diagonal,line,path,...Object.values(words),start);let layout=newWidth=>{width=newWidth,drawn=null,set(node,
{width,viewBox:`0 0 ${width} ${SQUARE}`}),set(words.axis,{x:(PAD.left+width-PAD.right)/2,y:SQUARE-4}),set(words.up,{x:PAD.left,y:PAD.top-8})},axes=top=>{drawn=top;
let across=scale(-top,top,PAD.left,width-PAD.right),up=scale(-top,top,SQUARE-PAD.bottom-FOOT,PAD.top);return grid.replaceChildren(...[-top,0,top].flatMap(value=>[
svg("line",{x1:PAD.left,x2:width-PAD.right,y1:up(value),y2:up(value)}),svg("line",{x1:across(value),x2:across(value),y1:up(-top),y2:up(top)}),svg("text",{class:"\
tick end",x:PAD.left-5,y:up(value)+(value<0?0:4)},axisNumber(value,top)),svg("text",{class:"tick",x:across(value),y:SQUARE-PAD.bottom+17},axisNumber(value,top))])),
write(unit2,axisUnit(top)),set(diagonal,{d:`M${across(-top)} ${up(-top)}L${across(top)} ${up(top)}`}),[across,up]},maps,update=(values,{states})=>{let top=reach(
states,values.phi);top!==drawn&&(maps=axes(top));let[across,up]=maps,inside=value=>clamp(value,-top,top),point=(x,y)=>`${across(inside(x)).toFixed(1)} ${up(inside(
y)).toFixed(1)}`,places=Array.from({length:61},(_,k)=>top*(k/30-1)),image=h=>unitStep(values.phi,values.w,values.b,h)[0],seen=places.filter(h=>Math.abs(image(h))<=
top*1.0001);set(line,{d:seen.length?"M"+seen.map(h=>point(h,image(h))).join("L"):""});let d=`M${point(states[0],0)}`;for(let t=1;t<states.length;t++)d+=`L${point(
states[t-1],states[t])}L${point(states[t],states[t])}`;set(path,{d}),nameStart(across(inside(states[0])),up(0),states[0]/top,states[1]),nameDiagonal(across,up,top,
image(-top/2)>-top/2),set(node,{"aria-label":`The map from one state to the next, and the path on it from ${decimal(values.h_0)} to ${signed(states.at(-1))}`})},
nameStart=(x,y,share2,next)=>{set(start,{cx:x.toFixed(1),cy:y});let right=share2>=0==Math.abs(share2)<.8;set(words.start,{x:(x+(right?7:-7)).toFixed(1),y:next<0?
y-9:y+17,class:`value q-h ${right?"start":"end"}`})},nameDiagonal=(across,up,top,mapIsAbove)=>{let[x,y]=[across(-top/2),up(-top/2)],angle=Math.atan2(up(top)-up(
-top),across(top)-across(-top))*180/Math.PI;set(words.same,{y:mapIsAbove?15:-10,transform:`translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${angle.toFixed(1)}\
)`})};return{node,layout,update}}function axisNumber(value,top){let units=top<BARE?value:value/10**Math.floor(Math.log10(top));return decimal(units,Math.abs(units)<
1&&units?1:0)}function axisUnit(top){return top<BARE?"":` in 10${raised(Math.floor(Math.log10(top)))}`}var LEFT=46;function past(state){let node=svg("svg",{class:"\
chart",role:"group","aria-label":"The state over time; its start can be dragged",height:SQUARE}),width,drawn,up,across,tall,grid=svg("g",{class:"ticks"}),line=svg(
"path",{class:"line q-h","data-term":"h_0"}),dots=svg("path",{class:"dots q-h"}),words={axis:label({class:"axis"},"steps t"),up:label({class:"axis start"},"stat\
e h_{t}"),end:label({class:"value q-h end"},"")},start=handle(node,"State at the start, h_0",{cursor:"ns-resize",drag:(_,y)=>state.change({h_0:up.invert(y)}),nudge:steps=>state.
change({h_0:Number.isFinite(steps)?state.read().h_0+.02*steps:Math.sign(steps)})});start.dataset.term="h_0",start.classList.add("q-h");let unit2=svg("tspan",{dy:-4});
words.up.append(unit2),node.append(grid,line,dots,...Object.values(words),start);let layout=newWidth=>{width=newWidth,drawn=null,set(node,{width,viewBox:`0 0 ${width}\
 ${SQUARE}`}),set(words.axis,{x:(LEFT+width-PAD.right)/2,y:SQUARE-4}),set(words.up,{x:LEFT+16,y:PAD.top-8})},axes=(top,steps)=>{drawn=`${top} ${steps}`,across=scale(
0,steps,LEFT,width-PAD.right),up=scale(-top,top,SQUARE-PAD.bottom-FOOT,PAD.top),grid.replaceChildren(...[-top,0,top].flatMap(value=>[svg("line",{x1:LEFT,x2:width-
PAD.right,y1:up(value),y2:up(value)}),svg("text",{class:"tick end",x:LEFT-21,y:up(value)+4},axisNumber(value,top))]),...roundTicks(steps,6).map(t=>svg("text",{class:"\
tick",x:across(t),y:SQUARE-PAD.bottom+17},String(t)))),write(unit2,axisUnit(top))};return{node,layout,update:(values,{states})=>{let top=start.classList.contains(
"held")?tall:reach(states,values.phi);tall=top,drawn!==`${top} ${values.steps}`&&axes(top,values.steps);let point=(h,t)=>`${across(t).toFixed(1)} ${up(clamp(h,-1.1*
top,1.1*top)).toFixed(1)}`,places=states.map(point);set(line,{d:"M"+places.join("L")}),set(dots,{d:values.steps<=60?places.map(place=>`M${place}h.01`).join(""):
""}),moveHandle(start,across(0),up(states[0]),{now:values.h_0,low:-1,high:1,text:`h_0 = ${decimal(values.h_0)}`});let last=states.at(-1),y=up(clamp(last,-top,top));
set(words.end,{x:width-PAD.right,y:y<PAD.top+20?y+20:y-9}),write(words.end,signed(last))}}}function signed(value){return Math.abs(value)<1e3&&Math.abs(value)>=.01?
decimal(value):(value<0?"−":"")+short(Math.abs(value))}var TRACK=126;function gains(state){let node=svg("svg",{class:"chart below",role:"group","aria-label":"\
The gain of every step, and the weight w",height:TRACK}),[low,high]=state.ranges.w,across,shrinks=svg("rect",{class:"zone"}),grid=svg("g",{class:"ticks"}),dots=svg(
"path",{class:"gains"}),[name,meaning]=[document.createTextNode(""),document.createTextNode("")],words={title:label({class:"axis start"},"gain of one step, φ′(a\
)·w"),inner:label({class:"note small"},"shrinks"),outer:label({class:"note small"},"grows"),outerLeft:label({class:"note small"},"grows"),w:svg("text",{class:"\
value"},name,svg("tspan",{class:"plain"},meaning)),dots:label({class:"note haloed"},"gain at step t")},weight=handle(node,"Recurrent weight w",{cursor:"ew-resiz\
e",drag:x=>state.change({w:across.invert(x)}),nudge:steps=>state.change({w:Number.isFinite(steps)?state.read().w+.02*steps:steps})});weight.dataset.term="w",weight.
classList.add("tint-ink"),node.append(shrinks,grid,...Object.values(words),dots,weight);let MIDDLE=60,reach2;return{node,layout:width=>{set(node,{width,viewBox:`\
0 0 ${width} ${TRACK}`}),across=scale(low,high,PAD.left,width-PAD.right),set(shrinks,{x:across(-1),width:across(1)-across(-1),y:MIDDLE-16,height:50}),grid.replaceChildren(
svg("line",{x1:across(low),x2:across(high),y1:MIDDLE,y2:MIDDLE,class:"rail"}),...[-4,-3,-2,-1,0,1,2,3,4].map(g=>svg("text",{class:"tick",x:across(g),y:MIDDLE+48},
decimal(g,0))));let place=(text,x,y)=>set(text,{x,y});place(words.title,PAD.left,14),reach2=[PAD.left-20,width-2],place(words.inner,across(0),MIDDLE+63),place(words.
outer,across(2.5),MIDDLE+63),place(words.outerLeft,across(-2.5),MIDDLE+63)},update:(values,{gains:steps})=>{set(dots,{d:steps.map(gain=>`M${across(gain).toFixed(
1)} ${MIDDLE}h.01`).join("")}),moveHandle(weight,across(values.w),MIDDLE,{now:values.w,low,high,text:`w = ${decimal(values.w)}`});let linear=values.phi==="ident\
ity",within=(x,half)=>clamp(x,reach2[0]+half,reach2[1]-half).toFixed(1);set(words.w,{x:within(across(values.w),103),y:MIDDLE-25}),name.data=`w = ${decimal(values.
w)}`,meaning.data=linear?": gain of every step":": gain where tanh′ = 1";let typical=[...steps].sort((one,other)=>one-other)[steps.length>>1];set(words.dots,{
x:within(across(typical),44),y:MIDDLE+31}),words.dots.style.display=linear?"none":""}}}var DEPTH=244,SHARES=[1,.85,.7,.55,.4,.25,.1];function product(){let node=svg(
"svg",{class:"chart below",role:"img",height:DEPTH}),width,across,drawn,grid=svg("g",{class:"ticks"}),ticks=svg("g",{class:"ticks"}),one=svg("path",{class:"one"}),
bound=svg("path",{class:"bound","data-term":"w"}),line=svg("path",{class:"line q-h","data-term":"grad"}),area=svg("path",{class:"area q-h"}),mark=svg("path",{class:"\
guide"}),exits={line:svg("path",{class:"exit q-h"}),bound:svg("path",{class:"exit"})},words={axis:label({class:"axis"},"steps t"),up:label({class:"axis start"},
"gradient |∂h_{t} / ∂h_{0}|, log scale"),one:label({class:"note start haloed"},"1: nothing lost"),floor:label({class:"note start haloed"},"a thousandth left"),
bound:label({class:"value start"},"bound |w|^{t}"),line:label({class:"value q-h start"},"gradient"),exit:label({class:"value q-h start"},"0 at step 0")};node.append(
grid,ticks,area,one,mark,bound,line,...Object.values(exits)),node.append(...Object.values(words));let up=scale(DEEPEST,HIGHEST,DEPTH-PAD.bottom,PAD.top),layout=newWidth=>{
width=newWidth,drawn=null,set(node,{width,viewBox:`0 0 ${width} ${DEPTH}`}),grid.replaceChildren(...[-9,-6,-3,0,3,6].flatMap(log=>[svg("line",{x1:PAD.left,x2:width-
PAD.right,y1:up(log),y2:up(log),class:log===FLOOR?"half":null}),svg("text",{class:"tick end",x:PAD.left-5,y:up(log)+4},log?`10${raised(log)}`:"1")])),set(one,{d:`\
M${PAD.left} ${up(0)}H${width-PAD.right}`}),set(words.axis,{x:(PAD.left+width-PAD.right)/2,y:DEPTH-4}),set(words.up,{x:PAD.left,y:PAD.top-8})},point=([t,log])=>`${across(
t).toFixed(1)} ${up(log).toFixed(1)}`,path=places=>places.length?`M${places.map(point).join("L")}`:"",leave=(arrow,place)=>{let[x,y]=place?[across(place[0]),up(
place[1])]:[],out=place?.[1]===HIGHEST?-1:1;set(arrow,{d:place?`M${(x-5).toFixed(1)} ${y-6*out}h10l-5 ${9*out}Z`:""})},update=(values,{logs,boundLog,gone,last})=>{
let{steps}=values;drawn!==steps&&(drawn=steps,across=scale(0,steps,PAD.left,width-PAD.right),ticks.replaceChildren(...roundTicks(steps,6).map(t=>svg("text",{class:"\
tick",x:across(t),y:DEPTH-PAD.bottom+17},String(t)))));let seen=withinFrame(logs,DEEPEST,HIGHEST),limit=withinFrame(logs.map((_,t)=>t?t*boundLog:0),DEEPEST,HIGHEST);
set(line,{d:seen.pieces.map(path).join("")}),set(area,{d:`${path(seen.edge)}V${up(0)}H${PAD.left}Z`}),set(bound,{d:limit.pieces.map(path).join("")});let close=last===
boundLog*steps||Math.abs(last-boundLog*steps)<.005;leave(exits.line,seen.exit),leave(exits.bound,close?null:limit.exit),nameLines(seen,limit,{close,boundLog,last,
steps}),set(mark,{d:gone>0?`M${across(gone)} ${up(FLOOR)}V${DEPTH-PAD.bottom}`:""}),set(node,{"aria-label":`The gradient after ${steps} steps is ${power(last)};\
 its bound is ${power(boundLog*steps)}`})},band=(curve,x0,x1)=>{let[t0,t1]=[across.invert(x0),across.invert(x1)],[low,high]=[1/0,-1/0];for(let k=1;k<curve.length;k++){
let[[ta,a],[tb,b]]=[curve[k-1],curve[k]];if(ta>t1)break;if(tb<t0)continue;let at=t=>tb>ta?a+(b-a)*(clamp(t,ta,tb)-ta)/(tb-ta):null;for(let y of tb>ta?[up(at(t0)),
up(at(t1))]:[up(a),up(b)])low=Math.min(low,y),high=Math.max(high,y)}return low<=high?[low,high]:null},beside=(curve,size,shares,sides)=>shares.flatMap(share2=>{
let x=PAD.left+4+share2*(width-PAD.left-PAD.right-size-4),found=band(curve,x,x+size);return found?sides.map(side=>({x,y:side<0?found[0]-8:found[1]+17})):[]}),nameLines=(seen,limit,{
close,boundLog,last,steps})=>{let flat=[[0,0],[steps,0]],curves=[...seen.pieces,...limit.pieces,flat],taken=[],alone=({x,y},size2)=>taken.every(box=>x>box.x+box.
size+4||x+size2+4<box.x||Math.abs(y-box.y)>17),free=({x,y},size2)=>x>PAD.left+2&&x+size2<width-2&&y-12>PAD.top&&y+6<DEPTH-PAD.bottom&&curves.every(curve=>{let found=band(
curve,x-3,x+size2+3);return!found||found[1]<y-12||found[0]>y+5})&&alone({x,y},size2),put=(word,size2,places)=>{let ends=x2=>clamp(x2,PAD.left+3,width-3-size2),found=places.
find(place=>free(place,size2))??places.map(place=>({...place,x:ends(place.x)})).find(place=>alone(place,size2)),{x,y}=found??places[0];return taken.push({x,y,size:size2}),
set(word,{x:x.toFixed(1),y:y.toFixed(1)}),found},shown=seen.pieces.flat(),side=last<boundLog*steps?[1,-1]:[-1,1];if(write(words.exit,`${power(last)} at step ${steps}`),
words.exit.style.display=seen.exit?"":"none",seen.exit){let size2=8*words.exit.textContent.length+4,out=seen.exit[1]===HIGHEST?1:-1,y=up(seen.exit[1])+(out>0?18:
-9),x=across(seen.exit[0]);put(words.exit,size2,[{x:x+12,y},{x:x+12,y:y+20*out},...[12,24,36,48].map(gap=>({x:x-gap-size2,y})),...beside(shown,size2,SHARES,[-1,
1])])}write(words.line,close?"gradient = bound":"gradient");let size=close?122:62;if(put(words.line,size,[...beside(shown,size,SHARES,side),...besideSteep(shown,
size,side[0]*Math.sign(last||1))]),words.bound.style.display=close?"none":"",!close){let bounded=limit.pieces.flat(),leaves=(bounded.at(-1)??[steps])[0],ends=SHARES.
map(share2=>share2*leaves/steps);put(words.bound,72,[...beside(bounded,72,ends,boundLog>0?[-1,1]:[1,-1]),...besideSteep(bounded,72,1),...beside(flat,72,SHARES,[
-1])])}put(words.one,96,beside(flat,96,SHARES,last>0?[1,-1]:[-1,1]));let floor=[[0,FLOOR],[steps,FLOOR]],room=put(words.floor,112,beside(floor,112,SHARES,[1,-1]));
words.floor.style.display=room?"":"none"},besideSteep=(curve,size,right)=>{let places=[.5,.6,.4,.7,.3,.8,.2].map(part=>downTheCurve(curve,part));return[12,28,48].
flatMap(gap=>[right,-right].flatMap(hand=>places.map(([x,y])=>({x:hand>0?x+gap:x-gap-size,y:y+4}))))},downTheCurve=(curve,part)=>{let places=curve.map(([t,log])=>[
across(t),up(log)]),ways=places.slice(1).map(([,y],k)=>Math.abs(y-places[k][1])),rest=part*ways.reduce((sum,way)=>sum+way,0);for(let[k,way]of ways.entries()){if(rest<=
way&&way>0){let[[x0,y0],[x1,y1]]=[places[k],places[k+1]];return[x0+(x1-x0)*rest/way,y0+(y1-y0)*rest/way]}rest-=way}return places.at(-1)??[PAD.left,up(0)]};return{
node,layout,update}}function withinFrame(heights,low,high){let inside=y=>y>=low&&y<=high,[pieces,edge]=[[],[]],[piece,exit]=[null,null],keep=place=>{piece||pieces.
push(piece=[]),piece.push(place),edge.push(place)};return heights.forEach((y,t)=>{if(t){let before=heights[t-1];[low,high].filter(limit=>(before-limit)*(y-limit)<
0).map(limit=>{let part=Number.isFinite(y)?(limit-before)/(y-before):1;return[t-1+part,limit]}).sort((one,other)=>one[0]-other[0]).forEach(keep)}inside(y)?(keep(
[t,y]),exit=null):(piece&&([piece,exit]=[null,piece.at(-1)]),edge.push([t,clamp(y,low,high)]))}),{pieces,edge,exit}}function chain(){let[end,again,slope,number,
bound]=["span","span","span","strong","strong"].map(tag=>html(tag)),h=index=>html("span",{class:"symbol"},html("i",{},"h"),html("sub",{},index)),w=()=>symbol("w");
return{node:html("p",{class:"sentence chain"},html("span",{},"|∂",h(end)," / ∂",h("0"),"| = ∏ |",slope,"′(",symbol("a_t"),")·",w(),"| = ",number),html(
"span",{},"bound |",w(),"|",html("sup",{},again)," = ",bound)),update:({steps,phi},{last,boundLog})=>{write(end,String(steps)),write(again,String(steps)),write(
slope,phi==="tanh"?"tanh":"id"),write(number,power(last)),write(bound,power(boundLog*steps))}}}function goneText({gone,last},steps){return last===-1/0?`exactly \
0 from step ${gone} on`:gone>=0?`below a thousandth from step ${gone} on, and ${power(last)} at step ${steps}`:Math.abs(last)<.005?`still ${power(last)} at step\
 ${steps}: nothing is lost`:`${last>0?"grown":"down"} to ${power(last)} at step ${steps}`}function activation(state){let group=`rnn-phi-${Math.random().toString(
36).slice(2,9)}`,radios=["tanh","identity"].map(name=>html("input",{type:"radio",name:group,value:name}));radios.forEach(radio=>radio.addEventListener("change",
()=>state.change({phi:radio.value})));let labels=radios.map(radio=>html("label",{},radio,radio.value)),legend=html("legend",{class:"unseen"},"Activation φ"),node=html(
"fieldset",{"data-term":"phi"},legend,html("div",{class:"switch"},html("span",{"aria-hidden":"true"},"activation ",symbol("φ")),...labels));return node.show=name=>radios.
forEach(radio=>radio.checked=radio.value===name),node}function build(state){let[formula,map,path,track,depth]=[equation(state),cobweb(),past(state),gains(state),
product()],sentence=html("p",{class:"sentence"}),total=chain(),pair=html("div",{class:"pair"},map.node,path.node),stage=html("div",{class:"stage"},formula.node,
pair,track.node,depth.node,total.node,sentence),knobs={w:knob(state,"w","weight w",.05),h_0:knob(state,"h_0","start h_0",.05),b:knob(state,"b","bias b",.05),steps:knob(
state,"steps","steps T",1,{curve:"log",whole:!0}),phi:activation(state)};return{stage,formula:formula.node,controls:html("div",{class:"controls"},...Object.values(
knobs)),layout(width){let wide=width>=560;pair.classList.toggle("wide",wide),map.layout(wide?SQUARE:width),path.layout(wide?width-SQUARE-12:width),track.layout(
width),depth.layout(width)},update(values){let now=unit(values);[formula,map,path,track,depth].forEach(view=>view.update(values,now));for(let name of NAMES)knobs[name].
show(values[name]);total.update(values,now),write(sentence,`The gradient is ${goneText(now,values.steps)}.`)},summary:values=>`The gradient is ${goneText(unit(values),
values.steps)}.`}}var through_time_default={render:({model,el})=>mount({model,el},NAMES,build)};export{through_time_default as default};
