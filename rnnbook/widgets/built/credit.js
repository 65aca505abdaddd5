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
event.metaKey||event.altKey?null:(event.preventDefault(),KEYS[event.key])}function placeIn(picture3,event){let box=picture3.getBoundingClientRect(),zoom=box.width?
picture3.width.baseVal.value/box.width:1;return[(event.clientX-box.left)*zoom,(event.clientY-box.top)*zoom]}function follow(event,move,end=()=>{}){let node=event.
currentTarget,id=event.pointerId,mine=act=>other=>other.pointerId===id&&act(other),moved=mine(move),ended=mine(()=>{node.removeEventListener("pointermove",moved);
for(let name of["pointerup","pointercancel"])node.removeEventListener(name,ended);end()});node.setPointerCapture(id),node.addEventListener("pointermove",moved);
for(let name of["pointerup","pointercancel"])node.addEventListener(name,ended)}function dragging(at2,drag){return event=>{if(event.button>0)return;event.preventDefault();
let node=event.currentTarget,picture3=node.ownerSVGElement;node.focus({preventScroll:!0});let[x2,y2]=placeIn(picture3,event),[right,down]=[at2[0]-x2,at2[1]-y2];
node.dataset.held="",follow(event,moved=>{let place2=placeIn(picture3,moved);drag([place2[0]+right,place2[1]+down])},()=>delete node.dataset.held)}}function looking(view,stepAt){
let at2=event=>stepAt(placeIn(event.currentTarget.ownerSVGElement,event)),look=step=>{step!==view.own.pointed&&(view.own.pointed=step,view.redraw())},choose=event=>at2(
event)&&view.change({step:at2(event)});return{choose,drag:event=>event.button===0&&follow(event,choose),look:event=>event.pointerType==="mouse"&&!event.buttons&&
look(at2(event)),leave:()=>look(null)}}function pulling(read,change,perPixel){return event=>{if(event.button>0)return;event.preventDefault();let[from,first]=[event.clientX,read()];follow(event,moved=>change(
first+(moved.clientX-from)*perPixel))}}function patient(slider2,apply){let held=null,listen=(names,act)=>names.forEach(name=>slider2.addEventListener(name,act));
listen(["pointerdown"],event=>{held=event.pointerType==="touch"?{x:event.clientX,y:event.clientY,wanted:null}:null}),listen(["pointermove"],event=>{if(!held)return;
let[dx,dy]=[Math.abs(event.clientX-held.x),Math.abs(event.clientY-held.y)];dx>5&&dx>dy&&(held=null)}),listen(["pointerup"],()=>{let wanted=held?.wanted;held=null,
wanted!=null&&apply(wanted)}),listen(["pointercancel"],()=>{held=null,slider2.restore?.()}),listen(["input"],()=>{held?held.wanted=Number(slider2.value):apply(Number(
slider2.value)),held&&slider2.restore?.()})}var clamp=(value,low,high)=>Math.min(Math.max(value,low),high);function scale(d0,d1,r0,r1){let map=value=>r0+(value-d0)/(d1-d0)*(r1-r0);return map.invert=place2=>d0+
(place2-r0)/(r1-r0)*(d1-d0),map}function roundTicks(high,count){let rough=high/count,power2=10**Math.floor(Math.log10(rough)),step=[1,2,5,10].map(m2=>m2*power2).
find(s2=>s2>=rough);return Array.from({length:Math.floor(high/step+1e-9)+1},(_2,k2)=>k2*step)}function raised(integer){return String(integer).replace(/./g,c2=>c2===
"-"?"⁻":"⁰¹²³⁴⁵⁶⁷⁸⁹"[c2])}function decimal(value,digits=2){let text=value.toFixed(digits);return(Number(text)===0?text.replace("-",""):text).
replace("-","−")}function short(value){if(!Number.isFinite(value))return"∞";if(value===0)return"0";let size=Math.abs(value);if(size>=1e5||size<.001){let exponent=Math.
floor(Math.log10(size)),digits2=(size/10**exponent).toFixed(1);return digits2==="10.0"&&([digits2,exponent]=["1.0",exponent+1]),`${value<0?"−":""}${digits2}·1\
0${raised(exponent)}`}if(size>=999.5)return decimal(value,0).replace(/\B(?=(\d{3})+$)/g,",");let digits=size>=99.95?0:size>=9.995?1:size>=.0995?2:3;return decimal(
value,size<.00995?4:digits)}function power(log){return log===-1/0?"0":Math.abs(log)<290?short(10**log):`10${raised(Math.round(log))}`}function remember(make){let[last,result]=[null,null];return(...given)=>((!last||given.some((value,k2)=>value!==last[k2]))&&(result=make(...given)),last=given,result)}var letters=new RegExp("(\\p{L}+)","u");function symbol(name){let[base,index]=name.split("_"),leaning=base.split(letters).filter(Boolean).map(part=>letters.test(
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
grain=step/5;return pulling(()=>view.state[name],value=>view.change({[name]:Math.round(value/grain)*grain}),.4*step)}function equation(view,label,parts){let draw=part=>{if(Array.isArray(part))return b`<span class="half">${groups(part).map(draw)}</span>`;if(part.group)return b`<span class="kept">${part.
group.map(draw)}</span>`;if(typeof part=="string")return b`<span class="sign">${part}</span>`;if(part.sign)return b`<span class="sign" data-term=${part.term}>${part.
sign}</span>`;if(part.typeset)return b`<span class="term typeset ${hueClass(part.hue)}" data-term=${part.name}><span>${part.typeset}</span><span class="number">${part.
value}</span></span>`;let value=part.value??decimal(view.state[part.name]);return b`<span class="term ${hueClass(part.hue)}" data-term=${part.partner}>${symbol(
part.text)}<span
      class="number ${part.pulls?"scrub":""}" @pointerdown=${part.pulls?pull(view,part.name):A}>${value}</span></span>`};return b`<div class="equation" role="math" translate="no" aria-label=${label}>${groups(
parts).map(draw)}</div>`}function groups(parts){let made=[],open=[];for(let part of parts){let text=typeof part=="string"?part:part.sign;Array.isArray(part)?made.
push(part):text===void 0?(made.push({group:[...open,part]}),open=[]):/^[)\]|‖]/.test(text)&&made.length?made.at(-1).group.push(part):open.push(part)}return open.
length&&made.push({group:open}),made}function room(width,height){let taken=[],curves=[],box=(left,right,top,bottom)=>taken.push([left,right,top,bottom]),curve=points=>points.length>1&&curves.push(points),
disturbed=([left,right,top,bottom])=>{let sum=0;sum+=400*(Math.max(0,-left)+Math.max(0,right-width)),sum+=400*(Math.max(0,-top)+Math.max(0,bottom-height));for(let[
l2,r2,t2,b2]of taken){let[wide,high]=[Math.min(r2,right)-Math.max(l2,left),Math.min(b2,bottom)-Math.max(t2,top)];wide>0&&high>0&&(sum+=1e3+20*wide*high)}for(let points of curves)
for(let k2=1;k2<points.length;k2++){let share=inside(points[k2-1],points[k2],left,right,top,bottom);share>0&&(sum+=20+20*share)}return sum};return{box,curve,find:(wide,size,places)=>{
let best=null;for(let[x2,y2,anchor="start"]of places){let left=anchor==="start"?x2:anchor==="end"?x2-wide:x2-wide/2,area=[left-2,left+wide+2,y2-.82*size,y2+.3*size],
cost=disturbed(area);if((!best||cost<best.cost)&&(best={x:x2,y:y2,anchor,cost,area,free:cost===0}),cost===0)break}return best},take:({area})=>taken.push(area)}}
function inside([ax,ay],[bx,by],left,right,top,bottom){if(ax<left&&bx<left||ax>right&&bx>right||ay<top&&by<top||ay>bottom&&by>bottom)return 0;let[dx,dy]=[bx-ax,
by-ay],[from,to]=[0,1];for(let[start2,way,low,high]of[[ax,dx,left,right],[ay,dy,top,bottom]]){if(way===0)continue;let[one,other]=[(low-start2)/way,(high-start2)/
way];from=Math.max(from,Math.min(one,other)),to=Math.min(to,Math.max(one,other))}return to>from?(to-from)*Math.hypot(dx,dy):0}function along(points,wide,sides=[-1,1],shares=[1,.85,.7,.55,.4,.25,.1,0]){if(!points.length)return[];let[first,last]=[points[0][0],points.at(-1)[0]];return shares.
flatMap(share=>{let x2=first+4+share*Math.max(last-first-wide-8,0),under=heights(points,x2,x2+wide);return under?sides.flatMap(side=>[0,12].map(more=>[x2,side<0?
under[0]-8-more:under[1]+17+more,"start"])):[]})}function heights(points,x0,x1){let[low,high]=[1/0,-1/0],see2=y2=>{low=Math.min(low,y2),high=Math.max(high,y2)};for(let k2=1;k2<points.length;k2++){let[[ax,ay],[
bx,by]]=[points[k2-1],points[k2]];if(ax>x1)break;if(bx<x0)continue;let at2=x2=>bx>ax?ay+(by-ay)*(Math.min(Math.max(x2,ax),bx)-ax)/(bx-ax):by;see2(at2(x0)),see2(
at2(x1))}return low<=high?[low,high]:null}var at=value=>value.toFixed(1),classes=(...names)=>names.filter(Boolean).join(" "),through=points=>points.length?`M${points.map(([x2,y2])=>`${at(x2)} ${at(y2)}`).
join("L")}`:"";function handle(spec){let{name,at:place2,drag,keys,now,low,high,says,along:along2="x",hue="ink",term,hollow}=spec,pressed=event=>{let steps=stepsOf(
event);steps!==null&&keys(steps)},cursor={x:"ew-resize",y:"ns-resize",xy:"move"}[along2];return w`<g class=${classes("handle",hueClass(hue),hollow&&"beyond")} role="slider" tabindex="0"
    aria-label=${name} aria-valuemin=${low} aria-valuemax=${high} aria-valuenow=${now} aria-valuetext=${says}
    aria-orientation=${along2==="y"?"vertical":"horizontal"} data-term=${term??A}
    style="cursor:${cursor}" transform="translate(${place2[0].toFixed(2)} ${place2[1].toFixed(2)})"
    @pointerdown=${dragging(place2,drag)} @keydown=${pressed}>
    <circle r="22" class="reach"></circle><circle r="13" class="halo"></circle><circle r="8" class="dot"></circle>
  </g>`}function picture(view,{width,height,label,kind="chart",role="group"}){let narrow=width<480,free=room(width,height),size=narrow?12:13,sizes={math:16,small:12},
font=sort=>{let named=Object.keys(sizes).find(name=>sort.split(" ").includes(name)),weight=sort.split(" ").includes("value")?600:400;return{...view.font,size:named?
sizes[named]:size,weight}},measure=(source,sort="value")=>widthOf(source,font(sort)),text=(source,[x2,y2,anchor="start"],{sort="note",hue,term}={})=>{let place2=free.
find(measure(source,sort),font(sort).size,[[x2,y2,anchor]]);return free.take(place2),said(source,place2,sort,hue,term)},label_=(source,places,{sort="value",hue,
term,optional=!1}={})=>{let place2=free.find(measure(source,sort),font(sort).size,places);return!place2||optional&&!place2.free?A:(free.take(place2),said(source,
place2,sort,hue,term))},said=(source,{x:x2,y:y2,anchor},sort,hue,term)=>w`<text class=${classes(sort,hue&&hueClass(hue),anchor!=="middle"&&anchor)}
      data-term=${term??A} x=${at(x2)} y=${at(y2)}>${words(source)}</text>`;return{width,height,narrow,free,measure,text,label:label_,handle:spec=>{let[x2,y2]=spec.
at;return free.box(x2-9,x2+9,y2-9,y2+9),handle(spec)},path:(d2,sort,{hue,term,wide}={})=>w`<path class=${classes(sort,hue&&hueClass(hue))} data-term=${term??A}
      stroke-width=${wide??A} d=${d2}></path>`,draw:(...layers)=>b`<svg class=${classes(kind,narrow&&"narrow")} role=${role}
    aria-label=${label} width=${width} height=${height} viewBox="0 0 ${width} ${height}">${layers}</svg>`}}function chart(view,{x:x2,y:y2,margin={},foot=0,...rest}){
let ground=picture(view,rest),{width,height,free}=ground,frame={left:36,right:14,top:22,bottom:40,...margin},[left,right]=[frame.left,width-frame.right],[top,bottom]=[
frame.top,height-frame.bottom],across=scale(...x2,left,right),up=scale(...y2,bottom-foot,top),place2=([u2,v2])=>[across(u2),up(v2)];return{...ground,left,right,
top,bottom,x:across,y:up,place:place2,xTicks:(values,format=v2=>decimal(v2,0))=>values.map(v2=>ground.label(format(v2),[[across(v2),bottom+16,"middle"]],{sort:"\
tick",optional:!0})),yTicks:(values,format=String,{strong=()=>!1,gap=6,lines=!0}={})=>values.map(v2=>[lines?w`<line class=${strong(v2)?"half":A} x1=${left} x2=${right} y1=${at(
up(v2))} y2=${at(up(v2))}></line>`:A,ground.text(format(v2),[left-gap,up(v2)+4,"end"],{sort:"tick"})]),xTitle:source=>ground.text(source,[(left+right)/2,height-
5,"middle"],{sort:"axis"}),yTitle:(source,shift=0)=>ground.text(source,[left+shift,top-8],{sort:"axis"}),curve:(points,{sort="line",...more}={})=>{let pixels=points.
map(place2);return free.curve(pixels),ground.path(through(pixels),sort,more)},handle:({x:u2,y:v2,move,...spec})=>ground.handle({...spec,at:place2([u2,v2]),drag:([
px,py])=>move(across.invert(px),up.invert(py))})}}/**
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
placeAmong(stops,value):value,outward:place2=>clamp(stops?stops[place2]:place2,knob.low,knob.high)})}return rails.get(knob)}var SliderOf=class extends i2{update({
element},[value,apply]){return this.apply=apply,element.restore||patient(element,place2=>this.apply(place2)),element.restore=()=>element.value=value,element.restore(),
E}},slider=e2(SliderOf),Text=class extends i2{update({element},[text]){return!(element.getRootNode().activeElement===element)&&element.value!==text&&(element.value=
text),E}},fieldText=e2(Text);function numberControl(view,knob,{off=!1,...own}={}){let{name,label}=knob,{first,last,pitch,inward,outward}=rail(knob),value=own.value??
view.state[name],present=()=>own.now?.()??view.state[name],place2=inward(value),shown=place2>first&&place2<last?clamp(place2,first+pitch,last-pitch):place2,change=own.
change??(wanted=>view.change({[name]:wanted})),part=(place2-first)/(last-first),zero=knob.low<0?-knob.low/(knob.high-knob.low):0,rail_=`--from:${Math.min(zero,part).
toFixed(4)};--to:${Math.max(zero,part).toFixed(4)}`,typed=({target})=>{let number=target.valueAsNumber;number>=knob.low&&number<=knob.high&&change(number)},finished=({
target})=>{let number=target.valueAsNumber;change(clamp(Number.isNaN(number)?present():number,knob.low,knob.high)),target.value=rounded(present())};return b`<div class="control" data-term=${name} style=${off?
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
  </div>`}function button(text,act){return b`<button type="button" @click=${act}>${inline(text)}</button>`}function presetBar(view,own){let{presets,state}=view;
if(!presets.length)return A;let present=presets.findIndex(preset=>agrees(state,preset.set));own.fresh&&present>=0&&(own.about=present),own.fresh=!1;let about=own.
about>=0?inline(presets[own.about].about):A;return b`<div class="presets">
    <div class="chips" role="group" aria-label="Presets">
      ${presets.map((preset,k2)=>b`<button type="button" aria-pressed=${k2===present}
          @click=${()=>{own.about=k2,view.change(preset.set),view.redraw()}}>${inline(preset.name)}</button>`)}
    </div>
    <p class="about ${present===own.about?"":"past"}">${about}</p>
  </div>`}var arrow=(x2,y2,way="right")=>way==="up"?`M${x2-4} ${y2+7}L${x2} ${y2}L${x2+4} ${y2+7}`:`M${x2-7} ${y2-4}L${x2} ${y2}L${x2-7} ${y2+4}`,legend=marks=>b`<p class="keys">${marks.
map(([d2,sort,text])=>b`<span><svg class="chart" width="24" height="14" aria-hidden="true"><path class=${sort} d=${d2}></path></svg>${text}</span>`)}</p>`;function excerpt(T2,k2,places){
if(T2<=places)return Array.from({length:T2},(_2,at2)=>at2+1);let withGaps=steps=>[...new Set(steps)].filter(step=>step>=1&&step<=T2).sort((one,other)=>one-other).
flatMap((step,at2,all)=>at2&&step-all[at2-1]>1?[0,step]:[step]),wanted=[1,T2,k2,k2+1,k2-1,2,T2-1];for(let more=2;more<places;more++)wanted.push(k2+more,k2-more,
1+more,T2-more);let taken=[];for(let step of wanted)withGaps([...taken,step]).length<=places&&(taken=[...taken,step]);return withGaps(taken)}function ownKey(model){let page=Symbol.for("rnnbook.keys");globalThis[page]??=new Map;let keys=globalThis[page],wanted=model.get("key"),key=wanted;for(let k2=2;keys.
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
"change",look)}function lightPartners(root){let lit=null,light=term=>{if(term!==lit){for(let node of root.querySelectorAll("[data-shine]"))delete node.dataset.shine;
if(term)for(let node of root.querySelectorAll(`[data-term="${CSS.escape(term)}"]`))node.dataset.shine="";lit=term}},of=event=>event.target.closest?.("[data-term\
]")?.dataset.term??null,focused=()=>root.querySelector("[data-term]:focus-within, [data-term]:focus")?.dataset.term??null;root.addEventListener("pointerover",event=>light(
of(event)??focused())),root.addEventListener("pointerleave",()=>light(focused())),root.addEventListener("focusin",event=>light(of(event))),root.addEventListener(
"focusout",()=>light(null))}async function copied(text){try{return await navigator.clipboard.writeText(text),!0}catch{return!1}}function large(model,name,root,arrived){let here=model.get(name);if(here!==void 0||!model.bring)return arrived(here??null),()=>{};let events=["pointerdown","foc\
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
"done":""}"><strong>${word}: </strong>${inline(text)}${tick}</p>`}function tanhSlope(a2){let power2=Math.exp(-2*Math.abs(a2));return 4*power2/((1+power2)*(1+power2))}var UNITS=16,[SYMBOLS,CHANNELS]=[4,5],LONGEST=200;function uniform(seed){let state=seed|0;return()=>{state=state+1831565813|0;let t2=Math.imul(state^state>>>15,
1|state);return t2=t2+Math.imul(t2^t2>>>7,61|t2)^t2,(((t2^t2>>>14)>>>0)+.5)/4294967296}}function orthonormal(rows){let done=[];for(let row of[...rows]){let v2=row;
for(let again=0;again<2;again++)for(let e3 of done){let along2=dot(v2,e3);v2=v2.map((value,k2)=>value-along2*e3[k2])}let size=Math.hypot(...v2);done.push(v2.map(
value=>value/size))}return done}function spectralNorm(matrix){let v2=matrix[0].map((_2,k2)=>1/(k2+2)),size=0;for(let k2=0;k2<2e3;k2++){let u2=matrix.map(row=>dot(
row,v2));v2=v2.map((_2,q)=>u2.reduce((sum,value,p2)=>sum+value*matrix[p2][q],0));let square=Math.hypot(...v2);if(v2=v2.map(value=>value/square),Math.abs(square-
size)<=1e-16*square)break;size=square}return Math.sqrt(size)}function dot(u2,v2){let sum=0;for(let k2=0;k2<u2.length;k2++)sum+=u2[k2]*v2[k2];return sum}function creditDraw(seed){
let next=uniform(seed),within=bound=>bound*(2*next()-1),normal=()=>Math.sqrt(-2*Math.log(next()))*Math.cos(2*Math.PI*next()),vector=(length,make)=>Array.from({length},
make),matrix=(rows,columns,make)=>vector(rows,()=>vector(columns,make)),[narrow,wide]=[()=>within(1/Math.sqrt(UNITS)),()=>within(1/Math.sqrt(CHANNELS))],drawn={
W_x:matrix(UNITS,CHANNELS,narrow),W_h:matrix(UNITS,UNITS,narrow),b:vector(UNITS,()=>narrow()+narrow()),Q:orthonormal(matrix(UNITS,UNITS,normal)),V:matrix(UNITS,
CHANNELS,wide),c:vector(UNITS,wide),U:matrix(SYMBOLS,UNITS,narrow),d:vector(SYMBOLS,narrow),symbol:Math.floor(SYMBOLS*next()),noise:vector(LONGEST,normal)};return{
...drawn,norm:spectralNorm(drawn.W_h)}}function creditOfSteps(drawn,start2,s2,delay){let carousel=start2==="carousel",[W_x,b2]=carousel?[drawn.V,drawn.c]:[drawn.
W_x,drawn.b],W=start2==="orthogonal"?drawn.Q:drawn.W_h,gain=start2==="orthogonal"?s2:s2/drawn.norm,slopes=[],h2=new Float64Array(UNITS);for(let k2=0;k2<=delay;k2++){
let channel=k2?CHANNELS-1:drawn.symbol,value=k2?drawn.noise[k2-1]:1,[next,slope]=[new Float64Array(UNITS),new Float64Array(UNITS)];for(let p2=0;p2<UNITS;p2++){let a2=W_x[p2][channel]*
value+b2[p2]+(carousel?0:gain*dot(W[p2],h2));slope[p2]=tanhSlope(a2),next[p2]=Math.tanh(a2)+(carousel?h2[p2]:0)}slopes.push(slope),h2=next}let logits=drawn.U.map(
(row,q)=>dot(row,h2)+drawn.d[q]),most=Math.max(...logits),powers=logits.map(logit=>Math.exp(logit-most)),total=powers.reduce((sum,power2)=>sum+power2,0),errors=powers.
map((power2,q)=>power2/total-(q===drawn.symbol?1:0)),delta=drawn.U[0].map((_2,p2)=>errors.reduce((sum,e3,q)=>sum+e3*drawn.U[q][p2],0)),log=0,[deltas,alphas,sizes]=[
[],[],[]];for(let k2=delay;k2>=0;k2--){let size=Math.sqrt(dot(delta,delta));log+=Math.log10(size);let alpha=delta.map((value,p2)=>slopes[k2][p2]*value/size);deltas[k2]=
log,alphas[k2]=log+Math.log10(dot(alpha,alpha))/2,sizes[k2]=k2?Math.abs(drawn.noise[k2-1]):1;let back=new Float64Array(UNITS);for(let p2=0;p2<UNITS;p2++)if(carousel)
back[p2]=delta[p2]/size;else for(let q=0;q<UNITS;q++)back[q]+=gain*W[p2][q]*alpha[p2];delta=back}let credits=alphas.map((value,k2)=>value+Math.log10(sizes[k2])),
bound=deltas[delay]+Math.log10(Math.max(...sizes));return{deltas,alphas,sizes,credits,bound}}var[FIRST_SEED,DRAWS]=[12,5],[LOWEST,HIGHEST]=[-24,8],[FAINTEST,LOUDEST]=[-20,4],ROW={loss:22,state:78,input:134,kind:150,title:185},BARS={height:456,foot:10},LOGS=[
-24,-16,-8,0,8],SLOTS=11,FULL={label:"the credit of each of its steps",size:"credit",back:"back: δ, as wide as log ‖δ‖",title:"credit of step k: ‖dL/dW_{x\
}|_{k}‖, log scale",axis:"distance from the question, T − k"},PLAIN={label:"how large a part of the correction each of its steps receives",size:"part",back:"\
back: the correction",title:"part of the correction, log scale",axis:"steps before the question"};function start(){let draws=new Map,drawn=n2=>draws.get(n2)??draws.
set(n2,creditDraw(FIRST_SEED+n2)).get(n2);return{drawn,norm:n2=>Number(drawn(n2).norm.toFixed(3)),credit:remember(creditOfSteps),pointed:null}}function see({delay,
s:s2,start:start2,draw,step},{own}){let carousel=start2==="carousel",slope=carousel?0:Math.log10(s2),T2=delay+1;return{...own.credit(own.drawn(draw),start2,s2,delay),
T:T2,k:Math.min(own.pointed??step,T2),carousel,slope}}function formula(view){if(!view.get("bound"))return A;let{credits,alphas,sizes,k:k2}=view.now,prime=b`<span style="font-family: var(--rnn-serif, serif)">′</span>`,
term=(name,hue,value,typeset)=>({name,hue,value,typeset}),whole=b`‖d${symbol("L")}/d${symbol("W_x")}|<sub><i>k</i></sub>‖`,told2=b`‖tanh${prime}(${symbol(
"a_k")}) ⊙ ${symbol("δ_k")}‖`;return equation(view,"The size of dL/dW_x at step k is the size of tanh′(a_k) ⊙ δ_k times that of x_k",[term("credit","i\
nk",power(credits[k2-1]),whole),"=",term("delta","ink",power(alphas[k2-1]),told2),"·",term("x","x",short(sizes[k2-1]),b`‖${symbol("x_k")}‖`)])}var flowWidth=log=>1+
Math.round(150*clamp((log-FAINTEST)/(LOUDEST-FAINTEST),0,1))/10,flow=(d2,half)=>w`<path class="flow" data-term="delta" d=${d2} fill-opacity=${(.3+.55*half/8).toFixed(
2)}></path>`,indexed=(letter,index,x2,y2,hue,size=16)=>w`<text class="math ${hue}" x=${x2} y=${y2} style="font-size:${size}px">${letter}<tspan class="index upright"
    dy="4">${index}</tspan></text>`;function loss(view,c2,step,x2,from){let whole=view.get("bound"),to=ROW.loss+10,name=sort=>indexed("L",step,x2,ROW.loss+1,sort,
15);if(step<view.now.T)return whole?[c2.path(`M${x2} ${from}V${to}`,"faint"),name("note")]:A;let half=whole?17:c2.measure("error","note small")/2+5;return[c2.path(
`M${x2-9} ${from}V${to}${arrow(x2-9,to,"up")}`,"solid"),w`<rect class="asked" x=${x2-half} y=${ROW.loss-16} width=${2*half} height="24" rx="4"></rect>`,whole?name(
""):c2.text("error",[x2,ROW.loss,"middle"],{sort:"note small"})]}function place(view,c2,step,x2,radius){let{now}=view,[whole,hue]=[view.get("bound"),now.carousel?
"C":"h"],size=(c2.narrow?14:16)-(step>99?2:0),[kind,to]=[whole?ROW.kind:ROW.input,ROW.state+radius+1];return[loss(view,c2,step,x2,ROW.state-radius),c2.path(`M${x2}\
 ${ROW.input-15}V${to}${arrow(x2,to,"up")}`,"input",{hue:"x"}),whole?indexed("x",step,x2,ROW.input,"q-x"):A,c2.label(step===1?"symbol":"noise",[[x2,kind,"middle"]],
{sort:"note small",optional:!0}),w`<circle class="state q-${hue}" cx=${x2} cy=${ROW.state} r=${radius} style="stroke-width:${step===now.k?4:2}px"></circle>`,indexed(
now.carousel?"C":"h",step,x2,ROW.state+4,`q-${hue}`,size)]}function between(view,c2,[from,x0],[to,x1]){let{deltas,k:k2}=view.now,[y2,low,mid]=[ROW.state-8,ROW.state+
10,(x0+x1)/2],gap=to-from>1,[left,right]=[from,to].map(step=>flowWidth(deltas[step-1])/2),head=Math.max(left+2.5,4),ahead=gap?`M${x0} ${y2}H${mid-13}M${mid+13} ${y2}\
H${x1}`:`M${x0} ${y2}H${x1}`,back=`M${x0} ${low}l8 ${-head}V${low-left}L${x1} ${low-right}v${2*right}L${x0+8} ${low+left}V${low+head}Z`,factor=`×${power(deltas[from-
1]-deltas[to-1])}`;return[flow(back,left),c2.path(ahead+arrow(x1,y2),"solid"),gap?w`<text class="note" x=${mid} y=${y2+5} style="font-size:17px">⋯</text>`:A,from===
k2&&!gap&&view.get("bound")?c2.label(factor,[[mid,ROW.state+37,"middle"]],{sort:"note small haloed",optional:!0}):A]}function unrolled(view,c2){let{T:T2,k:k2,deltas}=view.
now,radius=c2.narrow?14:17,wide=c2.right-c2.left,count=clamp(Math.floor(wide/(c2.narrow?42:62))+1,5,SLOTS),slots=excerpt(T2,k2,count),across=slot=>Math.round(c2.
left+wide*slot/(slots.length-1)),steps=slots.flatMap((step,slot)=>step?[[step,across(slot)]]:[]),half=flowWidth(deltas[T2-1])/2,x2=steps.at(-1)[1]+6,y2=ROW.state-
radius,at2=steps.find(([step])=>step===k2)[1];return{drawn:[flow(`M${x2} ${y2+1}l${-half-3} -8h3V${ROW.loss+9}h${2*half}V${y2-7}h3Z`,half),steps.slice(1).map(([
to,x1],slot)=>{let[from,x0]=steps[slot];return between(view,c2,[from,x0+radius+2],[to,x1-radius-2])}),steps.map(([step,x3])=>place(view,c2,step,x3,radius))],at:at2,
radius}}function legend2(view){let whole=view.get("bound");return legend([[`M0 7h22${arrow(22,7)}`,"solid","forward: the states"],...whole?[["M11 14v-14","faint",
"no loss: not asked yet"]]:[],["M0 7l8 -7v4h14v6h-14v4Z","flow",(whole?FULL:PLAIN).back]])}function picture2(view){let{now,width}=view,{T:T2,k:k2,credits}=now,whole=view.
get("bound"),narrow=width<480,margin={left:narrow?52:62,right:narrow?22:30,top:212,bottom:42},said=whole?FULL:PLAIN,ends={x:[1,T2],y:[LOWEST,HIGHEST],margin},c2=chart(
view,{width,label:`The network unrolled, and ${said.label}`,...BARS,...ends}),base=c2.y(LOWEST),network=unrolled(view,c2),mark=c2.handle({name:"Step k",x:k2,y:LOWEST,
move:u2=>view.change({step:clamp(u2,1,view.now.T)}),keys:by=>view.change({step:clamp(Math.min(view.state.step,view.now.T)+by,1,view.now.T)}),now:k2,low:1,high:T2,
says:`step ${k2} of ${T2}, ${said.size} ${power(credits[k2-1])}`,hue:"accent"}),distances=roundTicks(T2-1,narrow?4:8),gap=c2.x(2)-c2.x(1),thick=clamp(gap*.72,1.2,
26),tops=credits.map(log=>c2.y(clamp(log,LOWEST,HIGHEST)));tops.forEach((y2,n2)=>c2.free.box(c2.x(n2+1)-thick/2,c2.x(n2+1)+thick/2,y2,base));let column2=step=>`\
M${c2.x(step).toFixed(1)} ${base}V${tops[step-1].toFixed(1)}`,out=step=>credits[step-1]<LOWEST||credits[step-1]>HIGHEST,steps=credits.map((_2,n2)=>n2+1),every=Math.
ceil(6/gap),arrows=steps.filter(n2=>out(n2)&&(n2===1||n2%every===0)),wing=clamp(gap*every*.35,2,5),arrow2=n2=>{let[y2,tip]=credits[n2-1]<LOWEST?[base-9,8]:[c2.top+
1,-9];return`M${(c2.x(n2)-wing).toFixed(1)} ${y2.toFixed(1)}h${2*wing}l${-wing} ${tip}Z`},named=step=>{let text=power(credits[step-1]),half=c2.measure(text)/2+2,
x3=clamp(c2.x(step),c2.left-8+half,width-half),rise=Array.from({length:16},(_2,n2)=>[x3,tops[step-1]-7-7*n2,"middle"]);return c2.label(text,rise,{hue:"accent"})},
ground=looking(view,([x3])=>clamp(Math.round(c2.x.invert(x3)),1,view.now.T)),bound=whole?limit(view,c2):{},[lens,x2]=[Math.max(thick/2,2)+1,c2.x(k2)],{at:at2,radius}=network;
return c2.draw(w`<path class="lens" d=${`M${at2-radius} ${ROW.kind+6}H${at2+radius}L${(x2+lens).toFixed(1)} ${c2.top}V${base}H${(x2-lens).toFixed(1)}V${c2.top}Z`}></path>`,
network.drawn,w`<g class="ticks">${c2.yTicks(LOGS,log=>log?`10${raised(log)}`:"1",{gap:17})}</g>
      <g class="ticks">${c2.xTicks(distances.map(d2=>T2-d2),step=>String(T2-step))}</g>`,c2.path(steps.map(column2).join(""),"columns",{term:"credit",wide:thick.
toFixed(1)}),c2.path(column2(1)+column2(k2),"columns chosen",{term:"credit",wide:Math.max(thick,4).toFixed(1)}),c2.path(arrows.map(arrow2).join(""),"beyond"),bound.
line,c2.text(said.title,[0,ROW.title],{sort:"axis haloed"}),c2.xTitle(said.axis),named(k2),out(1)&&Math.abs(c2.x(1)-x2)>90?named(1):A,bound.label?.()??A,w`<rect class="ground hold" x=${c2.
left-12} width=${c2.right-c2.left+24} y=${c2.top-6} height=${base-c2.top+6}
      @pointerdown=${ground.drag} @click=${ground.choose} @pointermove=${ground.look} @pointerleave=${ground.leave}></rect>`,mark)}function limit({now:{T:T2,slope,
bound,carousel}},c2){let edge=slope>0?HIGHEST:LOWEST,end=slope?Math.max(1,T2-(edge-bound)/slope):1,points=[end,T2].map(step=>[step,bound+slope*(T2-step)]),line=c2.
curve(points,{sort:"limits",term:"s"}),word=carousel?"bound: 1 at every step":"bound ∝ s^{T−k}",half=c2.measure(word,"note")/2+2,on=along(points.map(c2.place),
2*half,[-1],[.5,.3,.7,.1,.9,0,1]),over=[0,60,120,-60,-120,180,240].map(more=>clamp(c2.x(end)+more,c2.left+half,c2.width-half)),places=[...on.filter(([,y2])=>y2>
c2.top+8),...over.map(x2=>[x2,c2.top-9,"middle"])];return{line,label:()=>c2.label(word,places,{sort:"note haloed",term:"s"})}}function told(view){let{k:k2,T:T2,
deltas,credits,carousel}=view.now,back=T2-k2,who=k2===1?"the symbol":"noise",when=back?`${back} ${back===1?"step":"steps"} before the end`:"the last",ratio=credits[k2-
1]-credits[T2-1],part=back?`, ${power(ratio)} ${ratio<0?"of":"times"} the last step’s`:"",credit=power(credits[k2-1]);if(!view.get("bound"))return`Step ${k2} \
(${who}), ${when}: its part of the correction is ${credit}${part}.`;let way=back?carousel?"each step’s factor is exactly 1":`J_{${k2+1}} leaves ${power(deltas[k2-
1]-deltas[k2])} of what step ${k2+1} was told`:"δ is g, straight from the loss";return`Step ${k2} (${who}), ${when}: ‖δ_{${k2}}‖ = ${power(deltas[k2-1])};\
 ${way}. Its credit is ${credit}${part}.`}var say=view=>told(view).replace(/[_{}]/g,"");function controls2(view){let{own,state}=view,more=b`${button("Another dr\
aw",()=>{let{draw,s:s2}=view.state,next=(draw+1)%DRAWS,natural=Math.abs(s2-own.norm(draw))<1e-6;view.change({draw:next,...natural?{s:own.norm(next)}:{}})})} ${state.
draw+1} of ${DRAWS}`;return controls(view,{off:{s:state.start==="carousel"},more})}var stage=view=>b`${legend2(view)}${picture2(view)}
  <p class="sentence" style="min-height:${view.width<620?4.35:2.9}em">${inline(told(view))}</p>`,credit_default=explorable({start,see,formula,stage,controls:controls2,
say});export{credit_default as default};
