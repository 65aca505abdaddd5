// Made of rnnbook/widgets/js by "make widgets"; change it there.
/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var t=globalThis,i=t2=>t2,s=t.trustedTypes,e=s?s.createPolicy("lit-html",{createHTML:t2=>t2}):void 0,h="$lit$",o=`lit$${Math.random().toFixed(9).slice(2)}$`,
n="?"+o,r=`<${n}>`,l=document,c=()=>l.createComment(""),a=t2=>t2===null||typeof t2!="object"&&typeof t2!="function",u=Array.isArray,d=t2=>u(t2)||typeof t2?.[Symbol.
iterator]=="function",f=`[ 	
\f\r]`,v=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,_=/-->/g,m=/>/g,p=RegExp(`>|${f}(?:([^\\s"'>=/]+)(${f}*=${f}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),g=/'/g,$=/"/g,y=/^(?:script|style|textarea|title)$/i,x=t2=>(i3,...s2)=>({_$litType$:t2,strings:i3,values:s2}),b=x(1),w=x(2),T=x(3),
E=Symbol.for("lit-noChange"),A=Symbol.for("lit-nothing"),C=new WeakMap,P=l.createTreeWalker(l,129);function V(t2,i3){if(!u(t2)||!t2.hasOwnProperty("raw"))throw Error(
"invalid template strings array");return e!==void 0?e.createHTML(i3):i3}var N=(t2,i3)=>{let s2=t2.length-1,e3=[],n2,l2=i3===2?"<svg>":i3===3?"<math>":"",c2=v;for(let i4=0;i4<
s2;i4++){let s3=t2[i4],a2,u2,d2=-1,f2=0;for(;f2<s3.length&&(c2.lastIndex=f2,u2=c2.exec(s3),u2!==null);)f2=c2.lastIndex,c2===v?u2[1]==="!--"?c2=_:u2[1]!==void 0?
c2=m:u2[2]!==void 0?(y.test(u2[2])&&(n2=RegExp("</"+u2[2],"g")),c2=p):u2[3]!==void 0&&(c2=p):c2===p?u2[0]===">"?(c2=n2??v,d2=-1):u2[1]===void 0?d2=-2:(d2=c2.lastIndex-
u2[2].length,a2=u2[1],c2=u2[3]===void 0?p:u2[3]==='"'?$:g):c2===$||c2===g?c2=p:c2===_||c2===m?c2=v:(c2=p,n2=void 0);let x2=c2===p&&t2[i4+1].startsWith("/>")?" ":
"";l2+=c2===v?s3+r:d2>=0?(e3.push(a2),s3.slice(0,d2)+h+s3.slice(d2)+o+x2):s3+o+(d2===-2?i4:x2)}return[V(t2,l2+(t2[s2]||"<?>")+(i3===2?"</svg>":i3===3?"</math>":
"")),e3]},S=class _S{constructor({strings:t2,_$litType$:i3},e3){let r2;this.parts=[];let l2=0,a2=0,u2=t2.length-1,d2=this.parts,[f2,v2]=N(t2,i3);if(this.el=_S.createElement(
f2,e3),P.currentNode=this.el.content,i3===2||i3===3){let t3=this.el.content.firstChild;t3.replaceWith(...t3.childNodes)}for(;(r2=P.nextNode())!==null&&d2.length<
u2;){if(r2.nodeType===1){if(r2.hasAttributes())for(let t3 of r2.getAttributeNames())if(t3.endsWith(h)){let i4=v2[a2++],s2=r2.getAttribute(t3).split(o),e4=/([.?@])?(.*)/.
exec(i4);d2.push({type:1,index:l2,name:e4[2],strings:s2,ctor:e4[1]==="."?I:e4[1]==="?"?L:e4[1]==="@"?z:H}),r2.removeAttribute(t3)}else t3.startsWith(o)&&(d2.push(
{type:6,index:l2}),r2.removeAttribute(t3));if(y.test(r2.tagName)){let t3=r2.textContent.split(o),i4=t3.length-1;if(i4>0){r2.textContent=s?s.emptyScript:"";for(let s2=0;s2<
i4;s2++)r2.append(t3[s2],c()),P.nextNode(),d2.push({type:2,index:++l2});r2.append(t3[i4],c())}}}else if(r2.nodeType===8)if(r2.data===n)d2.push({type:2,index:l2});else{
let t3=-1;for(;(t3=r2.data.indexOf(o,t3+1))!==-1;)d2.push({type:7,index:l2}),t3+=o.length-1}l2++}}static createElement(t2,i3){let s2=l.createElement("template");
return s2.innerHTML=t2,s2}};function M(t2,i3,s2=t2,e3){if(i3===E)return i3;let h2=e3!==void 0?s2._$Co?.[e3]:s2._$Cl,o2=a(i3)?void 0:i3._$litDirective$;return h2?.
constructor!==o2&&(h2?._$AO?.(!1),o2===void 0?h2=void 0:(h2=new o2(t2),h2._$AT(t2,s2,e3)),e3!==void 0?(s2._$Co??=[])[e3]=h2:s2._$Cl=h2),h2!==void 0&&(i3=M(t2,h2.
_$AS(t2,i3.values),h2,e3)),i3}var R=class{constructor(t2,i3){this._$AV=[],this._$AN=void 0,this._$AD=t2,this._$AM=i3}get parentNode(){return this._$AM.parentNode}get _$AU(){
return this._$AM._$AU}u(t2){let{el:{content:i3},parts:s2}=this._$AD,e3=(t2?.creationScope??l).importNode(i3,!0);P.currentNode=e3;let h2=P.nextNode(),o2=0,n2=0,r2=s2[0];
for(;r2!==void 0;){if(o2===r2.index){let i4;r2.type===2?i4=new k(h2,h2.nextSibling,this,t2):r2.type===1?i4=new r2.ctor(h2,r2.name,r2.strings,this,t2):r2.type===
6&&(i4=new Z(h2,this,t2)),this._$AV.push(i4),r2=s2[++n2]}o2!==r2?.index&&(h2=P.nextNode(),o2++)}return P.currentNode=l,e3}p(t2){let i3=0;for(let s2 of this._$AV)
s2!==void 0&&(s2.strings!==void 0?(s2._$AI(t2,s2,i3),i3+=s2.strings.length-2):s2._$AI(t2[i3])),i3++}},k=class _k{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t2,i3,s2,e3){
this.type=2,this._$AH=A,this._$AN=void 0,this._$AA=t2,this._$AB=i3,this._$AM=s2,this.options=e3,this._$Cv=e3?.isConnected??!0}get parentNode(){let t2=this._$AA.
parentNode,i3=this._$AM;return i3!==void 0&&t2?.nodeType===11&&(t2=i3.parentNode),t2}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t2,i3=this){
t2=M(this,t2,i3),a(t2)?t2===A||t2==null||t2===""?(this._$AH!==A&&this._$AR(),this._$AH=A):t2!==this._$AH&&t2!==E&&this._(t2):t2._$litType$!==void 0?this.$(t2):t2.
nodeType!==void 0?this.T(t2):d(t2)?this.k(t2):this._(t2)}O(t2){return this._$AA.parentNode.insertBefore(t2,this._$AB)}T(t2){this._$AH!==t2&&(this._$AR(),this._$AH=
this.O(t2))}_(t2){this._$AH!==A&&a(this._$AH)?this._$AA.nextSibling.data=t2:this.T(l.createTextNode(t2)),this._$AH=t2}$(t2){let{values:i3,_$litType$:s2}=t2,e3=typeof s2==
"number"?this._$AC(t2):(s2.el===void 0&&(s2.el=S.createElement(V(s2.h,s2.h[0]),this.options)),s2);if(this._$AH?._$AD===e3)this._$AH.p(i3);else{let t3=new R(e3,this),
s3=t3.u(this.options);t3.p(i3),this.T(s3),this._$AH=t3}}_$AC(t2){let i3=C.get(t2.strings);return i3===void 0&&C.set(t2.strings,i3=new S(t2)),i3}k(t2){u(this._$AH)||
(this._$AH=[],this._$AR());let i3=this._$AH,s2,e3=0;for(let h2 of t2)e3===i3.length?i3.push(s2=new _k(this.O(c()),this.O(c()),this,this.options)):s2=i3[e3],s2._$AI(
h2),e3++;e3<i3.length&&(this._$AR(s2&&s2._$AB.nextSibling,e3),i3.length=e3)}_$AR(t2=this._$AA.nextSibling,s2){for(this._$AP?.(!1,!0,s2);t2!==this._$AB;){let s3=i(
t2).nextSibling;i(t2).remove(),t2=s3}}setConnected(t2){this._$AM===void 0&&(this._$Cv=t2,this._$AP?.(t2))}},H=class{get tagName(){return this.element.tagName}get _$AU(){
return this._$AM._$AU}constructor(t2,i3,s2,e3,h2){this.type=1,this._$AH=A,this._$AN=void 0,this.element=t2,this.name=i3,this._$AM=e3,this.options=h2,s2.length>2||
s2[0]!==""||s2[1]!==""?(this._$AH=Array(s2.length-1).fill(new String),this.strings=s2):this._$AH=A}_$AI(t2,i3=this,s2,e3){let h2=this.strings,o2=!1;if(h2===void 0)
t2=M(this,t2,i3,0),o2=!a(t2)||t2!==this._$AH&&t2!==E,o2&&(this._$AH=t2);else{let e4=t2,n2,r2;for(t2=h2[0],n2=0;n2<h2.length-1;n2++)r2=M(this,e4[s2+n2],i3,n2),r2===
E&&(r2=this._$AH[n2]),o2||=!a(r2)||r2!==this._$AH[n2],r2===A?t2=A:t2!==A&&(t2+=(r2??"")+h2[n2+1]),this._$AH[n2]=r2}o2&&!e3&&this.j(t2)}j(t2){t2===A?this.element.
removeAttribute(this.name):this.element.setAttribute(this.name,t2??"")}},I=class extends H{constructor(){super(...arguments),this.type=3}j(t2){this.element[this.
name]=t2===A?void 0:t2}},L=class extends H{constructor(){super(...arguments),this.type=4}j(t2){this.element.toggleAttribute(this.name,!!t2&&t2!==A)}},z=class extends H{constructor(t2,i3,s2,e3,h2){
super(t2,i3,s2,e3,h2),this.type=5}_$AI(t2,i3=this){if((t2=M(this,t2,i3,0)??A)===E)return;let s2=this._$AH,e3=t2===A&&s2!==A||t2.capture!==s2.capture||t2.once!==
s2.once||t2.passive!==s2.passive,h2=t2!==A&&(s2===A||e3);e3&&this.element.removeEventListener(this.name,this,s2),h2&&this.element.addEventListener(this.name,this,
t2),this._$AH=t2}handleEvent(t2){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t2):this._$AH.handleEvent(t2)}},Z=class{constructor(t2,i3,s2){
this.element=t2,this.type=6,this._$AN=void 0,this._$AM=i3,this.options=s2}get _$AU(){return this._$AM._$AU}_$AI(t2){M(this,t2)}};var B=t.litHtmlPolyfillSupport;B?.(S,k),(t.litHtmlVersions??=[]).push("3.3.3");var D=(t2,i3,s2)=>{let e3=s2?.renderBefore??i3,h2=e3._$litPart$;if(h2===void 0){let t3=s2?.
renderBefore??null;e3._$litPart$=h2=new k(i3.insertBefore(c(),t3),t3,void 0,s2??{})}return h2._$AI(t2),h2};var KEYS={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1,PageUp:10,PageDown:-10,Home:-1/0,End:1/0};function stepsOf(event){return!(event.key in KEYS)||event.ctrlKey||
event.metaKey||event.altKey?null:(event.preventDefault(),KEYS[event.key])}function placeIn(picture2,event){let box=picture2.getBoundingClientRect(),zoom=box.width?
picture2.width.baseVal.value/box.width:1;return[(event.clientX-box.left)*zoom,(event.clientY-box.top)*zoom]}function follow(event,move,end=()=>{}){let node=event.
currentTarget,id=event.pointerId,mine=act=>other=>other.pointerId===id&&act(other),moved=mine(move),ended=mine(()=>{node.removeEventListener("pointermove",moved);
for(let name of["pointerup","pointercancel"])node.removeEventListener(name,ended);end()});node.setPointerCapture(id),node.addEventListener("pointermove",moved);
for(let name of["pointerup","pointercancel"])node.addEventListener(name,ended)}function dragging(at2,drag){return event=>{if(event.button>0)return;event.preventDefault();
let node=event.currentTarget,picture2=node.ownerSVGElement;node.focus({preventScroll:!0});let[x2,y2]=placeIn(picture2,event),[right,down]=[at2[0]-x2,at2[1]-y2];
node.dataset.held="",follow(event,moved=>{let place=placeIn(picture2,moved);drag([place[0]+right,place[1]+down])},()=>delete node.dataset.held)}}function pulling(read,change,perPixel){return event=>{if(event.button>0)return;event.preventDefault();let[from,first]=[event.clientX,read()];follow(event,moved=>change(
first+(moved.clientX-from)*perPixel))}}function patient(slider2,apply){let held=null,listen=(names,act)=>names.forEach(name=>slider2.addEventListener(name,act));
listen(["pointerdown"],event=>{held=event.pointerType==="touch"?{x:event.clientX,y:event.clientY,wanted:null}:null}),listen(["pointermove"],event=>{if(!held)return;
let[dx,dy]=[Math.abs(event.clientX-held.x),Math.abs(event.clientY-held.y)];dx>5&&dx>dy&&(held=null)}),listen(["pointerup"],()=>{let wanted=held?.wanted;held=null,
wanted!=null&&apply(wanted)}),listen(["pointercancel"],()=>{held=null,slider2.restore?.()}),listen(["input"],()=>{held?held.wanted=Number(slider2.value):apply(Number(
slider2.value)),held&&slider2.restore?.()})}var clamp=(value,low,high)=>Math.min(Math.max(value,low),high);function scale(d0,d1,r0,r1){let map=value=>r0+(value-d0)/(d1-d0)*(r1-r0);return map.invert=place=>d0+
(place-r0)/(r1-r0)*(d1-d0),map}function roundTicks(high,count){let rough=high/count,power2=10**Math.floor(Math.log10(rough)),step=[1,2,5,10].map(m2=>m2*power2).
find(s2=>s2>=rough);return Array.from({length:Math.floor(high/step+1e-9)+1},(_2,k2)=>k2*step)}function raised(integer){return String(integer).replace(/./g,c2=>c2===
"-"?"⁻":"⁰¹²³⁴⁵⁶⁷⁸⁹"[c2])}function decimal(value,digits=2){let text=value.toFixed(digits);return(Number(text)===0?text.replace("-",""):text).
replace("-","−")}function short(value){if(!Number.isFinite(value))return"∞";if(value===0)return"0";let size=Math.abs(value);if(size>=1e5||size<.001){let exponent=Math.
floor(Math.log10(size)),digits2=(size/10**exponent).toFixed(1);return digits2==="10.0"&&([digits2,exponent]=["1.0",exponent+1]),`${value<0?"−":""}${digits2}·1\
0${raised(exponent)}`}if(size>=999.5)return decimal(value,0).replace(/\B(?=(\d{3})+$)/g,",");let digits=size>=99.95?0:size>=9.995?1:size>=.0995?2:3;return decimal(
value,size<.00995?4:digits)}function power(log){return log===-1/0?"0":Math.abs(log)<290?short(10**log):`10${raised(Math.round(log))}`}var letters=new RegExp("(\\p{L}+)","u");function symbol(name){let[base,index]=name.split("_"),leaning=base.split(letters).filter(Boolean).map(part=>letters.test(
part)?b`<i>${part}</i>`:part),small=index?.split(/\b([a-z])\b/).filter(Boolean).map(part=>/^[a-z]$/.test(part)?b`<i>${part}</i>`:part);return b`<span class="symbol">${leaning}${small?
b`<sub>${small}</sub>`:A}</span>`}var minus=text=>text.replace("-","−"),MARKUP=[[/^`([^`]+)`/,text=>b`<code>${text}</code>`],[/^\*\*([^*]+)\*\*/,text=>b`<strong>${inline(
text)}</strong>`],[/^\*([^*\s][^*]*)\*/,text=>b`<em>${inline(text)}</em>`],[/^([A-Za-z]_[A-Za-z0-9]+)/,symbol],[/^_\{([^}]+)\}/,text=>b`<sub>${minus(text)}</sub>`],
[/^\^\{([^}]+)\}/,text=>b`<sup>${minus(text)}</sup>`],[/^\^([A-Za-z0-9])(?![A-Za-z0-9])/,text=>b`<sup>${text}</sup>`]];function inline(source){let parts=[],text="",
rest=source;for(;rest;){let[found,make]=MARKUP.map(([pattern,make2])=>[rest.match(pattern),make2]).find(([m2])=>m2)??[];found&&parts.push(text,make(found[1])),text=
found?"":text+rest[0],rest=rest.slice(found?found[0].length:1)}return[...parts,text].filter(part=>part!=="")}function caption(label){let words2=label.split(" ");
return b`${words2.slice(0,-1).join(" ")} ${symbol(words2.at(-1))}`}var pieces=new Map;function split(source){if(pieces.has(source))return pieces.get(source);let shift=0,
found=source.split(/([_^]\{[^}]*\})/).filter(Boolean).map(part=>{let move=part.startsWith("_{")?4:part.startsWith("^{")?-6:0,dy=move-shift;return shift=move,{text:move?
part.slice(2,-1):part,dy,small:move!==0}});return pieces.size>2e3&&pieces.clear(),pieces.set(source,found),found}function words(source){return split(source).map(
({text,dy,small})=>w`<tspan dy=${dy||A} class=${small?"index":A}>${text}</tspan>`)}var pen,widths=new Map;function widthOf(source,{family,size,weight=400,letter=0,
word=0}){let key=`${family}|${size}|${weight}|${source}`,width=widths.get(key);if(width===void 0){pen??=document.createElement("canvas").getContext("2d"),width=
0;for(let{text,small}of split(source))pen.font=`${weight} ${small?.74*size:size}px ${family}`,width+=pen.measureText(text).width;widths.size>5e3&&widths.clear(),
widths.set(key,width)}let spaces=word?source.split(" ").length-1:0;return width+letter*source.length+word*spaces}function hueClass(hue){return["x","h","f","i","c","C","o","z","r","n"].includes(hue)?`q-${hue}`:`tint-${hue}`}function pull(view,name){let{step}=view.knob(name),
grain=step/5;return pulling(()=>view.state[name],value=>view.change({[name]:Math.round(value/grain)*grain}),.4*step)}function term({name,hue="ink",value,text=name,
term:partner=name,pulls=!1}){return{name,hue,value,text,partner,pulls}}var knobTerm=(name,hue,more={})=>term({name,hue,pulls:!0,...more});function equation(view,label,parts){
let draw=part=>{if(Array.isArray(part))return b`<span class="half">${groups(part).map(draw)}</span>`;if(part.group)return b`<span class="kept">${part.group.map(
draw)}</span>`;if(typeof part=="string")return b`<span class="sign">${part}</span>`;if(part.sign)return b`<span class="sign" data-term=${part.term}>${part.sign}</span>`;
if(part.typeset)return b`<span class="term typeset ${hueClass(part.hue)}" data-term=${part.name}><span>${part.typeset}</span><span class="number">${part.value}</span></span>`;
let value=part.value??decimal(view.state[part.name]);return b`<span class="term ${hueClass(part.hue)}" data-term=${part.partner}>${symbol(part.text)}<span
      class="number ${part.pulls?"scrub":""}" @pointerdown=${part.pulls?pull(view,part.name):A}>${value}</span></span>`};return b`<div class="equation" role="math" translate="no" aria-label=${label}>${groups(
parts).map(draw)}</div>`}function groups(parts){let made=[],open=[];for(let part of parts){let text=typeof part=="string"?part:part.sign;Array.isArray(part)?made.
push(part):text===void 0?(made.push({group:[...open,part]}),open=[]):/^[)\]|‖]/.test(text)&&made.length?made.at(-1).group.push(part):open.push(part)}return open.
length&&made.push({group:open}),made}function room(width,height){let taken=[],curves=[],box=(left,right,top,bottom)=>taken.push([left,right,top,bottom]),curve=points2=>points2.length>1&&curves.push(
points2),disturbed=([left,right,top,bottom])=>{let sum=0;sum+=400*(Math.max(0,-left)+Math.max(0,right-width)),sum+=400*(Math.max(0,-top)+Math.max(0,bottom-height));
for(let[l2,r2,t2,b2]of taken){let[wide,high]=[Math.min(r2,right)-Math.max(l2,left),Math.min(b2,bottom)-Math.max(t2,top)];wide>0&&high>0&&(sum+=1e3+20*wide*high)}
for(let points2 of curves)for(let k2=1;k2<points2.length;k2++){let share=inside(points2[k2-1],points2[k2],left,right,top,bottom);share>0&&(sum+=20+20*share)}return sum};
return{box,curve,find:(wide,size,places)=>{let best=null;for(let[x2,y2,anchor="start"]of places){let left=anchor==="start"?x2:anchor==="end"?x2-wide:x2-wide/2,area=[
left-2,left+wide+2,y2-.82*size,y2+.3*size],cost=disturbed(area);if((!best||cost<best.cost)&&(best={x:x2,y:y2,anchor,cost,area,free:cost===0}),cost===0)break}return best},
take:({area})=>taken.push(area)}}function inside([ax,ay],[bx,by],left,right,top,bottom){if(ax<left&&bx<left||ax>right&&bx>right||ay<top&&by<top||ay>bottom&&by>bottom)
return 0;let[dx,dy]=[bx-ax,by-ay],[from,to]=[0,1];for(let[start2,way,low,high]of[[ax,dx,left,right],[ay,dy,top,bottom]]){if(way===0)continue;let[one,other]=[(low-
start2)/way,(high-start2)/way];from=Math.max(from,Math.min(one,other)),to=Math.min(to,Math.max(one,other))}return to>from?(to-from)*Math.hypot(dx,dy):0}function around([
x2,y2],gap=8,order="right left above below"){let all={right:[x2+gap,y2+4,"start"],left:[x2-gap,y2+4,"end"],above:[x2,y2-gap,"middle"],below:[x2,y2+gap+10,"middl\
e"]},slant=[[x2+gap,y2-gap,"start"],[x2-gap,y2-gap,"end"],[x2+gap,y2+gap+10,"start"],[x2-gap,y2+gap+10,"end"]];return[...order.split(" ").map(side=>all[side]),...slant]}
function along(points2,wide,sides=[-1,1],shares=[1,.85,.7,.55,.4,.25,.1,0]){if(!points2.length)return[];let[first,last]=[points2[0][0],points2.at(-1)[0]];return shares.
flatMap(share=>{let x2=first+4+share*Math.max(last-first-wide-8,0),under=heights(points2,x2,x2+wide);return under?sides.flatMap(side=>[0,12].map(more=>[x2,side<
0?under[0]-8-more:under[1]+17+more,"start"])):[]})}function aside(points2,shares=[.5,.6,.4,.7,.3,.8,.2],gaps=[12,28,48]){let ways=points2.slice(1).map(([,y2],k2)=>Math.
abs(y2-points2[k2][1])),total=ways.reduce((sum,way)=>sum+way,0),at2=share=>{let rest=share*total,k2=ways.findIndex(way=>(rest-=way)<=0&&way>0);if(k2<0)return points2.
at(-1);let part=1+rest/ways[k2];return points2[k2].map((from,axis)=>from+part*(points2[k2+1][axis]-from))},places=shares.map(at2);return gaps.flatMap(gap=>places.
flatMap(([x2,y2])=>[[x2+gap,y2+4],[x2-gap,y2+4,"end"]]))}function heights(points2,x0,x1){let[low,high]=[1/0,-1/0],see2=y2=>{low=Math.min(low,y2),high=Math.max(high,
y2)};for(let k2=1;k2<points2.length;k2++){let[[ax,ay],[bx,by]]=[points2[k2-1],points2[k2]];if(ax>x1)break;if(bx<x0)continue;let at2=x2=>bx>ax?ay+(by-ay)*(Math.min(
Math.max(x2,ax),bx)-ax)/(bx-ax):by;see2(at2(x0)),see2(at2(x1))}return low<=high?[low,high]:null}var at=value=>value.toFixed(1),classes=(...names)=>names.filter(Boolean).join(" "),through=points2=>points2.length?`M${points2.map(([x2,y2])=>`${at(x2)} ${at(y2)}`).
join("L")}`:"";function handle(spec){let{name,at:place,drag,keys,now,low,high,says,along:along2="x",hue="ink",term:term2,hollow}=spec,pressed=event=>{let steps=stepsOf(
event);steps!==null&&keys(steps)},cursor={x:"ew-resize",y:"ns-resize",xy:"move"}[along2];return w`<g class=${classes("handle",hueClass(hue),hollow&&"beyond")} role="slider" tabindex="0"
    aria-label=${name} aria-valuemin=${low} aria-valuemax=${high} aria-valuenow=${now} aria-valuetext=${says}
    aria-orientation=${along2==="y"?"vertical":"horizontal"} data-term=${term2??A}
    style="cursor:${cursor}" transform="translate(${place[0].toFixed(2)} ${place[1].toFixed(2)})"
    @pointerdown=${dragging(place,drag)} @keydown=${pressed}>
    <circle r="22" class="reach"></circle><circle r="13" class="halo"></circle><circle r="8" class="dot"></circle>
  </g>`}function picture(view,{width,height,label,kind="chart",role="group"}){let narrow=width<480,free=room(width,height),size=narrow?12:13,sizes={math:16,small:12},
font=sort=>{let named=Object.keys(sizes).find(name=>sort.split(" ").includes(name)),weight=sort.split(" ").includes("value")?600:400;return{...view.font,size:named?
sizes[named]:size,weight}},measure=(source,sort="value")=>widthOf(source,font(sort)),text=(source,[x2,y2,anchor="start"],{sort="note",hue,term:term2}={})=>{let place=free.
find(measure(source,sort),font(sort).size,[[x2,y2,anchor]]);return free.take(place),said(source,place,sort,hue,term2)},label_=(source,places,{sort="value",hue,term:term2,
optional=!1}={})=>{let place=free.find(measure(source,sort),font(sort).size,places);return!place||optional&&!place.free?A:(free.take(place),said(source,place,sort,
hue,term2))},said=(source,{x:x2,y:y2,anchor},sort,hue,term2)=>w`<text class=${classes(sort,hue&&hueClass(hue),anchor!=="middle"&&anchor)}
      data-term=${term2??A} x=${at(x2)} y=${at(y2)}>${words(source)}</text>`;return{width,height,narrow,free,measure,text,label:label_,handle:spec=>{let[x2,y2]=spec.
at;return free.box(x2-9,x2+9,y2-9,y2+9),handle(spec)},path:(d2,sort,{hue,term:term2,wide}={})=>w`<path class=${classes(sort,hue&&hueClass(hue))} data-term=${term2??
A}
      stroke-width=${wide??A} d=${d2}></path>`,draw:(...layers)=>b`<svg class=${classes(kind,narrow&&"narrow")} role=${role}
    aria-label=${label} width=${width} height=${height} viewBox="0 0 ${width} ${height}">${layers}</svg>`}}function chart(view,{x:x2,y:y2,margin={},foot=0,...rest}){
let ground=picture(view,rest),{width,height,free}=ground,frame={left:36,right:14,top:22,bottom:40,...margin},[left,right]=[frame.left,width-frame.right],[top,bottom]=[
frame.top,height-frame.bottom],across=scale(...x2,left,right),up=scale(...y2,bottom-foot,top),place=([u2,v2])=>[across(u2),up(v2)];return{...ground,left,right,top,
bottom,x:across,y:up,place,xTicks:(values,format=v2=>decimal(v2,0))=>values.map(v2=>ground.label(format(v2),[[across(v2),bottom+16,"middle"]],{sort:"tick",optional:!0})),
yTicks:(values,format=String,{strong=()=>!1,gap=6,lines=!0}={})=>values.map(v2=>[lines?w`<line class=${strong(v2)?"half":A} x1=${left} x2=${right} y1=${at(up(v2))} y2=${at(
up(v2))}></line>`:A,ground.text(format(v2),[left-gap,up(v2)+4,"end"],{sort:"tick"})]),xTitle:source=>ground.text(source,[(left+right)/2,height-5,"middle"],{sort:"\
axis"}),yTitle:(source,shift=0)=>ground.text(source,[left+shift,top-8],{sort:"axis"}),curve:(points2,{sort="line",...more}={})=>{let pixels=points2.map(place);return free.
curve(pixels),ground.path(through(pixels),sort,more)},handle:({x:u2,y:v2,move,...spec})=>ground.handle({...spec,at:place([u2,v2]),drag:([px,py])=>move(across.invert(
px),up.invert(py))})}}/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var e2=t2=>(...e3)=>({_$litDirective$:t2,values:e3}),i2=class{constructor(t2){}get _$AU(){return this._$AM._$AU}_$AT(t2,e3,i3){this._$Ct=t2,this._$AM=e3,this._$Ci=
i3}_$AS(t2,e3){return this.update(t2,e3)}update(t2,e3){return this.render(...e3)}};function fitted(knob,value){if(knob.names)return knob.names.includes(value)?value:knob.names[0];if(knob.steps!==void 0)return Array.isArray(value)?value.map(one=>clamp(
one,knob.low,knob.high)):value;if(knob.characters!==void 0)return known(knob,value).slice(0,knob.most).join("");let inside2=clamp(value,knob.low,knob.high);return knob.
whole?Math.round(inside2):inside2}function known(knob,text){return[...String(text)].filter(mark=>knob.characters.includes(mark))}function agrees(state,values){return Object.
entries(values).every(([name,value])=>same(state[name],value))}function same(one,other){return Array.isArray(one)&&Array.isArray(other)?one.length===other.length&&
one.every((value,k2)=>same(value,other[k2])):typeof one=="number"?Math.abs(one-other)<1e-9:one===other}function openStore(model){let knobs=model.get("_knobs"),byName=Object.
fromEntries(knobs.map(knob=>[knob.name,knob])),read=()=>Object.fromEntries(knobs.map(({name})=>[name,fitted(byName[name],model.get(name))])),changed=()=>{},quiet=!1,
listen=()=>quiet||changed();for(let{name}of knobs)model.on(`change:${name}`,listen);return{knobs,byName,read,first:read(),whenChanged:call=>changed=call,change(part){
quiet=!0;for(let[name,value]of Object.entries(part))model.set(name,fitted(byName[name],value));quiet=!1,changed(),model.save_changes()},close:()=>knobs.forEach(
({name})=>model.off(`change:${name}`,listen))}}function stopsByRatio(low,high,whole){let stops=[];for(let stop=low;stop<high;)stops.push(stop),stop=whole?Math.max(stop+1,Math.round(1.02*stop)):1.02*stop;return[
...stops,high]}function placeAmong(stops,value){let after=stops.findIndex(stop=>stop>=value);return after<=0?after<0?stops.length-1:0:after-(stops[after]-value)/
(stops[after]-stops[after-1])}var rounded=value=>String(Number(value.toFixed(3))),rails=new WeakMap;function rail(knob){if(!rails.has(knob)){let stops=knob.ratio?
stopsByRatio(knob.low,knob.high,knob.whole):null,[first,last]=stops?[0,stops.length-1]:[knob.low,knob.high];rails.set(knob,{first,last,pitch:stops?1:knob.step,inward:value=>stops?
placeAmong(stops,value):value,outward:place=>clamp(stops?stops[place]:place,knob.low,knob.high)})}return rails.get(knob)}var SliderOf=class extends i2{update({element},[
value,apply]){return this.apply=apply,element.restore||patient(element,place=>this.apply(place)),element.restore=()=>element.value=value,element.restore(),E}},slider=e2(
SliderOf),Text=class extends i2{update({element},[text]){return!(element.getRootNode().activeElement===element)&&element.value!==text&&(element.value=text),E}},
fieldText=e2(Text);function numberControl(view,knob,{off=!1,...own}={}){let{name,label}=knob,{first,last,pitch,inward,outward}=rail(knob),value=own.value??view.
state[name],present=()=>own.now?.()??view.state[name],place=inward(value),shown=place>first&&place<last?clamp(place,first+pitch,last-pitch):place,change=own.change??
(wanted=>view.change({[name]:wanted})),part=(place-first)/(last-first),zero=knob.low<0?-knob.low/(knob.high-knob.low):0,rail_=`--from:${Math.min(zero,part).toFixed(
4)};--to:${Math.max(zero,part).toFixed(4)}`,typed=({target})=>{let number=target.valueAsNumber;number>=knob.low&&number<=knob.high&&change(number)},finished=({target})=>{
let number=target.valueAsNumber;change(clamp(Number.isNaN(number)?present():number,knob.low,knob.high)),target.value=rounded(present())};return b`<div class="control" data-term=${name} style=${off?
"opacity:0.5":A}>
    <label><span class="name">${caption(label)}</span><input type="range" min=${first} max=${last}
      step=${pitch} data-name=${name} style=${rail_} ?disabled=${off}
      aria-valuetext="${label} ${decimal(value,knob.whole?0:2)}"
      ${slider(shown,at2=>change(outward(at2)))} /></label>
    <input type="number" min=${knob.low} max=${knob.high} step=${knob.step} inputmode="decimal"
      data-name=${name} aria-label="${label}, as a number" ?disabled=${off}
      ${fieldText(rounded(value))} @input=${typed} @change=${finished} />
  </div>`}function choiceControl(view,{name,names,label}){let typeset=label.includes("_")||label.split(" ").at(-1).length===1;return b`<fieldset class="choice-of" data-term=${name}>
    <legend class="unseen">${label}</legend>
    <div class="switch">
      <span aria-hidden="true">${typeset?caption(label):label}</span>
      ${names.map(one=>b`<label><input type="radio" name=${view.id(name)} value=${one}
          .checked=${view.state[name]===one} @change=${()=>view.change({[name]:one})} />${one}</label>`)}
    </div>
  </fieldset>`}function controls(view,{off={},after={},more}={}){let shown=view.knobs.filter(knob=>knob.label&&knob.steps===void 0&&!knob.characters);return b`<div class="controls">
    ${shown.map(knob=>[knob.names?choiceControl(view,knob):numberControl(view,knob,{off:off[knob.name]}),after[knob.name]??A])}
    ${more?b`<div class="actions">${more}</div>`:A}
  </div>`}function presetBar(view,own){let{presets,state}=view;if(!presets.length)return A;let present=presets.findIndex(preset=>agrees(state,preset.set));own.fresh&&present>=
0&&(own.about=present),own.fresh=!1;let about=own.about>=0?inline(presets[own.about].about):A;return b`<div class="presets">
    <div class="chips" role="group" aria-label="Presets">
      ${presets.map((preset,k2)=>b`<button type="button" aria-pressed=${k2===present}
          @click=${()=>{own.about=k2,view.change(preset.set),view.redraw()}}>${inline(preset.name)}</button>`)}
    </div>
    <p class="about ${present===own.about?"":"past"}">${about}</p>
  </div>`}function ownKey(model){let page=Symbol.for("rnnbook.keys");globalThis[page]??=new Map;let keys=globalThis[page],wanted=model.get("key"),key=wanted;for(let k2=2;keys.
has(key)&&keys.get(key)!==model;k2++)key=`${wanted}-${k2}`;return keys.set(key,model),key}function decoded(text){try{return decodeURIComponent(text)}catch{return text}}
function readAddress(){return location.hash.slice(1).split("&").filter(part=>part.includes("=")).map(part=>{let at2=part.indexOf("=");return[decoded(part.slice(
0,at2)),decoded(part.slice(at2+1))]})}function stateInAddress(key,store){let text=new Map(readAddress()).get(key);if(text===void 0)return null;let[state,refused]=[
{},[]];for(let pair of text.split(",").filter(Boolean)){let at2=pair.indexOf(":"),[name,value]=at2<0?[pair,""]:[pair.slice(0,at2),pair.slice(at2+1)],found=Object.
hasOwn(store.byName,name)?possible(store.byName[name],value):void 0;found===void 0?refused.push(pair.slice(0,40)):state[name]=found}return{state,refused}}function possible(knob,text){
if(knob.names)return knob.names.includes(text)?text:void 0;if(knob.steps!==void 0)return unpacked(text,knob);if(knob.characters!==void 0)return unwritten(text,knob);
let value=text.trim()===""?Number.NaN:Number(text);if(value>=knob.low&&value<=knob.high)return knob.whole&&!Number.isInteger(value)?void 0:value}function addressWith(key,store,whole=!1){
let[state,first]=[store.read(),store.first],text=Object.keys(state).filter(name=>whole||!same(state[name],first[name])).map(name=>`${name}:${spell(state[name],store.
byName[name])}`).join(","),others=readAddress().filter(([name])=>name!==key),parts=(text?[...others,[key,text]]:others).map(part=>part.join("=")),anchor=location.
hash.includes("=")?"":location.hash;return location.pathname+location.search+(parts.length?`#${parts.join("&")}`:anchor)}function spell(value,knob){return knob.
steps!==void 0?packed(value,knob):knob.characters!==void 0?written(value):typeof value=="number"?Number(value.toPrecision(6)):value}function packed(values,{low,
high}){return values.map(v2=>Math.round(35*(v2-low)/(high-low)).toString(36)).join("").replace(/(.)\1{3,}/g,(run,mark)=>`${mark}*${run.length}.`)}function unpacked(text,{
low,high,steps}){if(!/^(?:[0-9a-z](?:\*\d{1,4}\.)?)*$/.test(text))return;let marks=text.replace(/(.)\*(\d+)\./g,(_2,mark,count)=>mark.repeat(Number(count)));if(marks.
length===steps)return[...marks].map(mark=>low+(high-low)*Number.parseInt(mark,36)/35)}function written(text){let spelt=mark=>mark===" "?"_":`~${mark.codePointAt(
0).toString(36)}-`;return`.${[...text].map(mark=>/[A-Za-z0-9]/.test(mark)?mark:spelt(mark)).join("")}`}function unwritten(text,knob){if(!/^\.(?:[A-Za-z0-9_]|~[0-9a-z]{1,4}-)*$/.
test(text))return;let plain=(_2,code)=>String.fromCodePoint(Number.parseInt(code,36)),marks=[...text.slice(1).replaceAll("_"," ").replace(/~([0-9a-z]+)-/g,plain)];
return marks.length<=knob.most&&known(knob,marks.join("")).length===marks.length?marks.join(""):void 0}function ownKeys(root){root.addEventListener("keydown",event=>{!(event.ctrlKey||event.metaKey||event.altKey)&&!/^(Tab|Escape|F\d+)$/.test(event.key)&&event.stopPropagation()})}
function markKeys(root){let unmarked=":is(input, button, [tabindex]):not([data-lm-suppress-shortcuts])";for(let node of root.querySelectorAll(unmarked))node.dataset.
lmSuppressShortcuts="true"}function followInk(root){let said="[data-theme], [data-jp-theme-light], [theme], .vscode-dark, .vscode-light",look=()=>{if(root.parentElement?.
closest(said))return;let[r2,g2,b2]=getComputedStyle(root.parentElement??root).color.match(/[\d.]+/g).map(Number);root.dataset.scheme=.3*r2+.59*g2+.11*b2>140?"da\
rk":"light"},query=matchMedia("(prefers-color-scheme: dark)");return query.addEventListener("change",look),requestAnimationFrame(look),()=>query.removeEventListener(
"change",look)}function lightPartners(root){let lit=null,light=term2=>{if(term2!==lit){for(let node of root.querySelectorAll("[data-shine]"))delete node.dataset.
shine;if(term2)for(let node of root.querySelectorAll(`[data-term="${CSS.escape(term2)}"]`))node.dataset.shine="";lit=term2}},of=event=>event.target.closest?.("[\
data-term]")?.dataset.term??null,focused=()=>root.querySelector("[data-term]:focus-within, [data-term]:focus")?.dataset.term??null;root.addEventListener("pointe\
rover",event=>light(of(event)??focused())),root.addEventListener("pointerleave",()=>light(focused())),root.addEventListener("focusin",event=>light(of(event))),root.
addEventListener("focusout",()=>light(null))}async function copied(text){try{return await navigator.clipboard.writeText(text),!0}catch{return!1}}function large(model,name,root,arrived){let here=model.get(name);if(here!==void 0||!model.bring)return arrived(here??null),()=>{};let events=["pointerdown","foc\
usin"],forget=()=>{watch.disconnect();for(let event of events)root.removeEventListener(event,bring)},bring=()=>{forget(),model.bring(name).then(arrived,()=>arrived(
null))},watch=new IntersectionObserver(seen=>seen.some(one=>one.isIntersecting)&&bring(),{rootMargin:"200px 0px"});watch.observe(root);for(let event of events)root.
addEventListener(event,bring);return forget}var NARROW=480,COUNT=Symbol.for("rnnbook.count");function explorable(spec){return{render:({model,el})=>mount(spec,model,el)}}function mount(spec,model,el){let plainPage=model.
widget_manager===void 0,store=openStore(model),key=ownKey(model);globalThis[COUNT]=(globalThis[COUNT]??0)+1;let number=globalThis[COUNT],root=document.createElement(
"div");root.className="rnn-explorable",root.setAttribute("role","group"),root.setAttribute("aria-label",model.get("title")),el.append(root);let frame={about:-1,
fresh:!0,status:"",refused:"",shared:"Copy link",timer:0},[width,state,now]=[0,store.read(),null],view={own:spec.start?.(model)??{},knobs:store.knobs,presets:model.
get("_presets")??[],first:store.first,knob:name=>store.byName[name],get:name=>model.get(name),id:name=>`rnn-${number}-${name}`,change:part=>store.change(spec.complete?.(
part,view)??part),redraw:()=>draw(),get state(){return state},get now(){return now},get width(){return width},get narrow(){return width<NARROW},get held(){return root.
querySelector("[data-held]")?.dataset.term??null}},draw=()=>{state=store.read(),view.font=fontOf(root),now=spec.see?spec.see(state,view):state;let done=spec.done?.(
view),task=guidance("try","Try",model.get("try_this"),done),knobs=(spec.controls??controls)(view);D(b`<div class="head"><p class="title">${inline(model.get("tit\
le"))}</p><div class="tools">
          <button type="button" class="quiet" @click=${reset}>Reset</button>
          ${plainPage?b`<button type="button" class="quiet" @click=${share}>${frame.shared}</button>`:A}
        </div></div>
        ${task}
        <p class="refused" role="status">${frame.refused}</p>
        ${presetBar(view,frame)}
        <div class="stage">${spec.formula?.(view)??A}${view.narrow?knobs:A}${spec.stage(view)}</div>
        ${view.narrow?A:knobs}
        ${guidance("notice","Notice",model.get("notice"))}
        <p class="unseen" role="status">${frame.status}</p>`,root),markKeys(root)},settle=()=>{clearTimeout(frame.timer),frame.timer=setTimeout(()=>{frame.status=
spec.say(view),plainPage&&history.replaceState(history.state,"",addressWith(key,store)),draw()},400)},reset=()=>{frame.about=-1,frame.fresh=!0,frame.refused="",
view.own.reset?.(),store.change(store.first)},share=async()=>{history.replaceState(history.state,"",addressWith(key,store,!0)),frame.shared=await copied(location.
href)?"Copied":"It is in the address bar",draw(),setTimeout(()=>{frame.shared="Copy link",draw()},2e3)},obey=()=>{let found=stateInAddress(key,store);if(!found)
return!1;let{refused}=found;return frame.refused=refused.length?`The link asks for what cannot be here, and is not shown: ${refused.join(", ")}.`:"",frame.about=
-1,frame.fresh=!0,store.change({...store.first,...found.state}),!0},fit=()=>{let style=getComputedStyle(root),inner=root.clientWidth-Number.parseFloat(style.paddingLeft)-
Number.parseFloat(style.paddingRight),wide=Math.max(Math.floor(inner>0?inner:640),240);return wide===width?!1:(width=wide,!0)};fit();let arrived=value=>{view.own.
arrived(value),root.childElementCount&&draw()},forgetLarge=spec.large?large(model,spec.large,root,arrived):()=>{};store.whenChanged(()=>{draw(),settle()}),plainPage&&
obey()?readAddress()[0][0]===key&&requestAnimationFrame(()=>root.scrollIntoView({block:"start"})):draw(),lightPartners(root),ownKeys(root);let forgetInk=followInk(
root),written2=()=>JSON.stringify(fontOf(root))!==JSON.stringify(view.font),observer=new ResizeObserver(()=>(fit()||written2())&&draw());return observer.observe(
root),document.fonts?.addEventListener("loadingdone",draw),plainPage&&addEventListener("hashchange",obey),()=>{observer.disconnect(),store.close(),view.own.leave?.(),
forgetLarge(),forgetInk(),document.fonts?.removeEventListener("loadingdone",draw),removeEventListener("hashchange",obey),clearTimeout(frame.timer)}}function fontOf(root){
let{fontFamily:family,letterSpacing,wordSpacing}=getComputedStyle(root),pixels=text=>Number.parseFloat(text)||0;return{family,letter:pixels(letterSpacing),word:pixels(
wordSpacing)}}function guidance(kind,word,text,done){let tick=done!=null?b`<span class="met" aria-hidden="true"> ✓</span>`:A;return b`<p class="guidance ${kind} ${done?
"done":""}"><strong>${word}: </strong>${inline(text)}${tick}</p>`}function tanhSlope(a2){let power2=Math.exp(-2*Math.abs(a2));return 4*power2/((1+power2)*(1+power2))}function unitStep(phi,w2,b2,h2){let a2=w2*h2+b2;return phi===
"tanh"?[Math.tanh(a2),w2*tanhSlope(a2)]:[a2,w2]}function unitTrace(phi,w2,b2,start2,steps){let states=[start2],gains2=[],logs=[0];for(let t2=1;t2<=steps;t2++){let[
state,gain]=unitStep(phi,w2,b2,states[t2-1]);states.push(state),gains2.push(gain),logs.push(logs[t2-1]+Math.log10(Math.abs(gain)))}return{states,gains:gains2,logs}}
function vanishesAfter(logs,floor){let first=-1;for(let t2=logs.length-1;t2>=0&&logs[t2]<floor;t2--)first=t2;return first}var FLOOR=-3,[DEEPEST,HIGHEST]=[-9,6],NOTHING=-1e4,SQUARE=238,SAME="h_{t} = h_{t−1}",BARE=1e3,start=()=>({top:1});function see({w:w2,b:b2,h_0,steps,phi},view){
let trace=unitTrace(phi,w2,b2,h_0,steps),slope=Math.log10(Math.abs(w2)),[last,bound]=[trace.logs.at(-1),slope*steps];return view.held!=="h_0"&&(view.own.top=reach(
trace.states,phi)),{...trace,slope,last,bound,gone:vanishesAfter(trace.logs,FLOOR),top:view.own.top}}function reach(states,phi){let most=Math.max(...states.map(
Math.abs));if(phi==="tanh"||most<=1.0001)return 1;let unit=10**Math.floor(Math.log10(most));return[1,2,5,10].map(m2=>m2*unit).find(top=>top>=most)}function axisNumber(value,top){
let units=top<BARE?value:value/10**Math.floor(Math.log10(top));return decimal(units,Math.abs(units)<1&&units?1:0)}var axisUnit=top=>top<BARE?"":` in 10${raised(
Math.floor(Math.log10(top)))}`,signed=value=>Math.abs(value)<1e3&&Math.abs(value)>=.01?decimal(value):(value<0?"−":"")+short(Math.abs(value));function formula(view){
let phi=view.state.phi==="tanh"?"tanh":"id",h_1=term({name:"h_1",hue:"h",value:decimal(view.now.states[1])}),[w2,h_0,b2]=[knobTerm("w"),knobTerm("h_0","h"),knobTerm(
"b")];return equation(view,"h_1 = φ(w h_0 + b)",[h_1,"=",phi,"(",w2,"·",h_0,"+",b2,")"])}function cobweb(view,width){let{now,state}=view,{top,states}=now,inside2=h2=>clamp(
h2,-top,top),label=`The map from one state to the next, and the path on it from ${decimal(state.h_0)} to ${signed(states.at(-1))}`,ends={x:[-top,top],y:[-top,top],
foot:10},c2=chart(view,{width,height:SQUARE,label,role:"img",...ends}),image=h2=>unitStep(state.phi,state.w,state.b,h2)[0],seen=Array.from({length:61},(_2,k2)=>top*
(k2/30-1)).filter(h2=>Math.abs(image(h2))<=top*1.0001),path=states.flatMap((h2,t2)=>{let next=t2+1<states.length?[[inside2(h2),inside2(states[t2+1])]]:[];return[
[inside2(h2),t2?inside2(h2):0],...next]}),first=c2.place(path[0]),diagonal=part=>[part*top,part*top],same2=[-.4,.4,-.55,.55,-.25,.7].flatMap(part=>around(c2.place(
diagonal(part)),7,"right left")),wide=c2.measure(SAME,"note small"),within=([x2,,anchor])=>anchor==="end"?x2-wide>c2.left:x2+wide<c2.right,ticks=[-top,0,top],number=value=>axisNumber(
value,top);return c2.draw(w`<g class="ticks">${c2.yTicks(ticks,number)}${c2.xTicks(ticks,number)}${ticks.map(v2=>w`<line x1=${c2.x(v2)} x2=${c2.x(v2)} y1=${c2.y(
-top)} y2=${c2.y(top)}></line>`)}</g>`,c2.curve([-1,1].map(diagonal),{sort:"diagonal"}),c2.curve(seen.map(h2=>[h2,image(h2)]),{sort:"line map",term:"w"}),c2.curve(
path,{sort:"cobweb",term:"h_0"}),w`<circle class="start" r="5" data-term="h_0" cx=${first[0].toFixed(1)} cy=${first[1].toFixed(1)}></circle>`,c2.xTitle(`h_{t−1}${axisUnit(
top)}`),c2.yTitle("h_{t} = φ(w·h_{t−1} + b)"),c2.label("h_{0}",around(first,8,"right left below above"),{hue:"h"}),c2.label(SAME,same2.filter(within),{sort:"\
note small haloed",optional:!0}))}function past(view,width){let{top,states}=view.now,{h_0,steps}=view.state,label="The state over time; its start can be dragged",
ends={x:[0,steps],y:[-top,top],foot:10,margin:{left:46}},c2=chart(view,{width,height:SQUARE,label,...ends}),begin=c2.handle({name:"State at the start, h_0",x:0,
y:h_0,along:"y",move:(_2,h2)=>view.change({h_0:h2}),keys:by=>view.change({h_0:view.state.h_0+.02*by}),now:h_0,low:-1,high:1,says:`h_0 = ${decimal(h_0)}`,hue:"h",
term:"h_0"}),points2=states.map((h2,t2)=>[t2,clamp(h2,-1.1*top,1.1*top)]),pixels=points2.map(c2.place),dot=([x3,y3])=>`M${x3.toFixed(1)} ${y3.toFixed(1)}h.01`,end=signed(
states.at(-1)),[x2,y2]=pixels.at(-1);return c2.draw(w`<g class="ticks">${c2.yTicks([-top,0,top],v2=>axisNumber(v2,top),{gap:21})}${c2.xTicks(roundTicks(steps,6))}</g>`,
c2.curve(points2,{hue:"h",term:"h_0"}),c2.path(steps<=60?pixels.map(dot).join(""):"","dots",{hue:"h"}),c2.xTitle("steps t"),c2.yTitle(`state h_{t}${axisUnit(top)}`,
16),c2.label(end,[[x2,y2-9,"end"],[x2,y2+20,"end"],...along(pixels,c2.measure(end))],{hue:"h"}),begin)}function gains(view){let{now,state,width}=view,{low,high}=view.
knob("w"),c2=chart(view,{width,height:130,label:"The gain of every step, and the weight w",kind:"chart below",x:[low,high],y:[0,1],margin:{top:28,bottom:38}}),weight=c2.
handle({name:"Recurrent weight w",x:state.w,y:.5,move:w2=>view.change({w:w2}),keys:by=>view.change({w:view.state.w+.02*by}),now:state.w,low,high,says:`w = ${decimal(
state.w)}`,term:"w"}),middle=c2.y(.5),linear=state.phi==="identity",typical=[...now.gains].sort((one,other)=>one-other)[now.gains.length>>1],under=(source,g2,y2,sort)=>{
let half=c2.measure(source,sort)/2+2;return c2.label(source,[[clamp(c2.x(g2),half,width-half),y2,"middle"]],{sort,optional:sort!=="value"})},numbers=Array.from(
{length:high-low+1},(_2,k2)=>low+k2);return c2.draw(w`<rect class="zone" x=${c2.x(-1)} width=${c2.x(1)-c2.x(-1)} y=${middle-16} height="50"></rect>
      <g class="ticks"><line x1=${c2.left} x2=${c2.right} y1=${middle} y2=${middle}></line>${c2.xTicks(numbers)}</g>`,c2.yTitle("gain of one step, φ′(a)·w"),
c2.path(now.gains.map(g2=>`M${c2.x(g2).toFixed(1)} ${middle}h.01`).join(""),"gains"),under(`w = ${decimal(state.w)}: gain ${linear?"of every step":"where tanh′ \
= 1"}`,state.w,middle-23,"value"),linear?A:under("gain at step t",typical,middle+31,"note haloed"),[-2.5,0,2.5].map(g2=>under(g2?"grows":"shrinks",g2,middle+63,
"note small")),weight)}var points=heights2=>heights2.map((y2,t2)=>[t2,y2]);function shownOf(heights2){let last=heights2.at(-1),edge=clamp(last,DEEPEST,HIGHEST);
if(edge===last)return{shown:points(heights2),exit:null};let t2=heights2.findLastIndex(y2=>y2>=DEEPEST&&y2<=HIGHEST),[a2,b2]=[heights2[t2],heights2[t2+1]],exit=[
t2+(edge-a2)/(b2-a2),edge];return{shown:[...points(heights2.slice(0,t2+1)),exit],exit}}function product(view){let{now,state,width}=view,{steps}=state,{last,bound,
slope,gone}=now,label=`The gradient after ${steps} steps is ${power(last)}; its bound is ${power(bound)}`,c2=chart(view,{width,height:248,label,role:"img",kind:"\
chart below",...{x:[0,steps],y:[DEEPEST,HIGHEST]}}),logs=now.logs.map(log=>Math.max(log,NOTHING)),limits=logs.map((_2,t2)=>t2?Math.max(t2*slope,NOTHING):0),[seen,
limit]=[shownOf(logs),shownOf(limits)],flat=[0,steps].map(t2=>[t2,0]),floor=[0,steps].map(t2=>[t2,FLOOR]),close=last===bound||Math.abs(last-bound)<.005,side=last<
bound?[1,-1]:[-1,1],clip=view.id("frame"),line=c2.curve(points(logs),{hue:"h",term:"grad"}),limitLine=c2.curve(points(limits),{sort:"bound",term:"w"}),area=`${through(
[...points(logs),[steps,0],[0,0]].map(c2.place))}Z`,named=(source,shown,sides,look,first=[])=>{let pixels=shown.map(c2.place),places=[...first,...along(pixels,c2.
measure(source,look.sort),sides),...aside(pixels)];return c2.label(source,places.filter(([,y2])=>y2>c2.top+12&&y2<c2.bottom-5),look)},leaves=(exit,hue)=>{if(!exit)
return c2.path("","exit",{hue});let[[x2,y2],out]=[c2.place(exit),exit[1]===HIGHEST?-1:1];return c2.path(`M${(x2-5).toFixed(1)} ${(y2-6*out).toFixed(1)}h10l-5 ${9*
out}Z`,"exit",{hue})},leaving=([t2,edge])=>{let[x2,y2]=[c2.x(t2),c2.y(edge)+(edge===HIGHEST?18:-9)],first=[12,24,36,48].flatMap(gap=>[[x2+gap,y2],[x2-gap,y2,"en\
d"]]);return named(`${power(last)} at step ${steps}`,seen.shown,[-1,1],gradient,first)},gradient={hue:"h",sort:"value"},quiet={sort:"note haloed",optional:!0};return c2.
draw(w`<defs><clipPath id=${clip}><rect x=${c2.left} y=${c2.top} width=${c2.right-c2.left+2} height=${c2.bottom-c2.top}></rect></clipPath></defs>
      <g class="ticks">${c2.xTicks(roundTicks(steps,6))}${c2.yTicks([-9,-6,-3,0,3,6],log=>log?`10${raised(log)}`:"1",{strong:log=>log===FLOOR})}</g>`,c2.xTitle(
"steps t"),c2.yTitle("gradient |∂h_{t} / ∂h_{0}|, log scale"),w`<g clip-path="url(#${clip})">${c2.path(area,"area",{hue:"h"})}${c2.curve(flat,{sort:"one"})}
      ${c2.path(gone>0?`M${c2.x(gone).toFixed(1)} ${c2.y(FLOOR).toFixed(1)}V${c2.bottom}`:"","guide")}${limitLine}${line}</g>`,leaves(seen.exit,"h"),leaves(close?
null:limit.exit),seen.exit?leaving(seen.exit):A,named(close?"gradient = bound":"gradient",seen.shown,side,gradient),close?A:named("bound |w|^{t}",limit.shown,slope>
0?[-1,1]:[1,-1],{sort:"value"}),named("1: nothing lost",flat,last>0?[1,-1]:[-1,1],quiet),named("a thousandth left",floor,[1,-1],quiet))}function chain({state:{steps,
phi},now:{last,bound}}){let[h_T,h_0,a_t,w2]=[`h_${steps}`,"h_0","a_t","w"].map(symbol);return b`<p class="sentence chain" translate="no"><span>|∂${h_T} / ∂${h_0}| = ∏ |${phi===
"tanh"?"tanh":"id"}′(${a_t})·${w2}| =
    <strong>${power(last)}</strong></span><span>bound |${w2}|<sup>${steps}</sup> = <strong>${power(bound)}</strong></span></p>`}function goneText({gone,last},steps){
return last===-1/0?`exactly 0 from step ${gone} on`:gone>=0?`below a thousandth from step ${gone} on, and ${power(last)} at step ${steps}`:Math.abs(last)<.005?`\
still ${power(last)} at step ${steps}: nothing is lost`:`${last>0?"grown":"down"} to ${power(last)} at step ${steps}`}function stage(view){let wide=view.width>=
560,[map,path]=wide?[SQUARE,view.width-SQUARE-12]:[view.width,view.width];return b`<div class="pair ${wide?"wide":""}">${cobweb(view,map)}${past(view,path)}</div>
    ${gains(view)}${product(view)}${chain(view)}<p class="sentence">${say(view)}</p>`}var say=({now,state})=>`The gradient is ${goneText(now,state.steps)}.`,through_time_default=explorable(
{start,see,formula,stage,say});export{through_time_default as default};
