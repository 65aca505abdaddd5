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
picture2.width.baseVal.value/box.width:1;return[(event.clientX-box.left)*zoom,(event.clientY-box.top)*zoom]}function follow(event,move,end=()=>{}){let node2=event.
currentTarget,id=event.pointerId,mine=act=>other=>other.pointerId===id&&act(other),moved=mine(move),ended=mine(()=>{node2.removeEventListener("pointermove",moved);
for(let name of["pointerup","pointercancel"])node2.removeEventListener(name,ended);end()});node2.setPointerCapture(id),node2.addEventListener("pointermove",moved);
for(let name of["pointerup","pointercancel"])node2.addEventListener(name,ended)}function dragging(at2,drag){return event=>{if(event.button>0)return;event.preventDefault();
let node2=event.currentTarget,picture2=node2.ownerSVGElement;node2.focus({preventScroll:!0});let[x2,y2]=placeIn(picture2,event),[right,down]=[at2[0]-x2,at2[1]-y2];
node2.dataset.held="",follow(event,moved=>{let place=placeIn(picture2,moved);drag([place[0]+right,place[1]+down])},()=>delete node2.dataset.held)}}function pulling(read,change,perPixel){return event=>{if(event.button>0)return;event.preventDefault();let[from,first]=[event.clientX,read()];follow(event,moved=>change(
first+(moved.clientX-from)*perPixel))}}function patient(slider2,apply){let held=null,listen=(names,act)=>names.forEach(name=>slider2.addEventListener(name,act));
listen(["pointerdown"],event=>{held=event.pointerType==="touch"?{x:event.clientX,y:event.clientY,wanted:null}:null}),listen(["pointermove"],event=>{if(!held)return;
let[dx,dy]=[Math.abs(event.clientX-held.x),Math.abs(event.clientY-held.y)];dx>5&&dx>dy&&(held=null)}),listen(["pointerup"],()=>{let wanted=held?.wanted;held=null,
wanted!=null&&apply(wanted)}),listen(["pointercancel"],()=>{held=null,slider2.restore?.()}),listen(["input"],()=>{held?held.wanted=Number(slider2.value):apply(Number(
slider2.value)),held&&slider2.restore?.()})}var clamp=(value,low,high)=>Math.min(Math.max(value,low),high);function scale(d0,d1,r0,r1){let map=value=>r0+(value-d0)/(d1-d0)*(r1-r0);return map.invert=place=>d0+
(place-r0)/(r1-r0)*(d1-d0),map}function roundTicks(high,count){let rough=high/count,power=10**Math.floor(Math.log10(rough)),step=[1,2,5,10].map(m2=>m2*power).find(
s2=>s2>=rough);return Array.from({length:Math.floor(high/step+1e-9)+1},(_2,k2)=>k2*step)}function raised(integer){return String(integer).replace(/./g,c2=>c2==="\
-"?"⁻":"⁰¹²³⁴⁵⁶⁷⁸⁹"[c2])}function decimal(value,digits=2){let text=value.toFixed(digits);return(Number(text)===0?text.replace("-",""):text).replace(
"-","−")}function short(value){if(!Number.isFinite(value))return"∞";if(value===0)return"0";let size=Math.abs(value);if(size>=1e5||size<.001){let exponent=Math.
floor(Math.log10(size)),digits2=(size/10**exponent).toFixed(1);return digits2==="10.0"&&([digits2,exponent]=["1.0",exponent+1]),`${value<0?"−":""}${digits2}·1\
0${raised(exponent)}`}if(size>=999.5)return decimal(value,0).replace(/\B(?=(\d{3})+$)/g,",");let digits=size>=99.95?0:size>=9.995?1:size>=.0995?2:3;return decimal(
value,size<.00995?4:digits)}function share(value,complement=1-value){return value<.995?short(value):complement<1e-5?`1 − ${short(complement)}`:decimal(1-complement,-Math.floor(Math.log10(
complement)))}var letters=new RegExp("(\\p{L}+)","u");function symbol(name){let[base,index]=name.split("_"),leaning=base.split(letters).filter(Boolean).map(part=>letters.test(
part)?b`<i>${part}</i>`:part),small=index?.split(/\b([a-z])\b/).filter(Boolean).map(part=>/^[a-z]$/.test(part)?b`<i>${part}</i>`:part);return b`<span class="symbol">${leaning}${small?
b`<sub>${small}</sub>`:A}</span>`}var minus=text=>text.replace("-","−"),MARKUP=[[/^`([^`]+)`/,text=>b`<code>${text}</code>`],[/^\*\*([^*]+)\*\*/,text=>b`<strong>${inline(
text)}</strong>`],[/^\*([^*\s][^*]*)\*/,text=>b`<em>${inline(text)}</em>`],[/^([A-Za-z]_[A-Za-z0-9]+)/,symbol],[/^_\{([^}]+)\}/,text=>b`<sub>${minus(text)}</sub>`],
[/^\^\{([^}]+)\}/,text=>b`<sup>${minus(text)}</sup>`],[/^\^([A-Za-z0-9])(?![A-Za-z0-9])/,text=>b`<sup>${text}</sup>`]];function inline(source){let parts=[],text="",
rest=source;for(;rest;){let[found,make]=MARKUP.map(([pattern,make2])=>[rest.match(pattern),make2]).find(([m2])=>m2)??[];found&&parts.push(text,make(found[1])),text=
found?"":text+rest[0],rest=rest.slice(found?found[0].length:1)}return[...parts,text].filter(part=>part!=="")}function caption(label){let words2=label.split(" ");
return b`${words2.slice(0,-1).join(" ")} ${symbol(words2.at(-1))}`}var pieces=new Map;function split(source){if(pieces.has(source))return pieces.get(source);let shift=0,
found=source.split(/([_^]\{[^}]*\})/).filter(Boolean).map(part=>{let move=part.startsWith("_{")?4:part.startsWith("^{")?-6:0,dy=move-shift;return shift=move,{text:move?
part.slice(2,-1):part,dy,small:move!==0}});return pieces.size>2e3&&pieces.clear(),pieces.set(source,found),found}function words(source){return split(source).map(
({text,dy,small})=>w`<tspan dy=${dy||A} class=${small?"index":A}>${text}</tspan>`)}var pen,widths=new Map;function widthOf(source,{family,size,weight:weight2=400,
letter=0,word=0}){let key=`${family}|${size}|${weight2}|${source}`,width=widths.get(key);if(width===void 0){pen??=document.createElement("canvas").getContext("2\
d"),width=0;for(let{text,small}of split(source))pen.font=`${weight2} ${small?.74*size:size}px ${family}`,width+=pen.measureText(text).width;widths.size>5e3&&widths.
clear(),widths.set(key,width)}let spaces=word?source.split(" ").length-1:0;return width+letter*source.length+word*spaces}function hueClass(hue){return["x","h","f","i","c","C","o","z","r","n"].includes(hue)?`q-${hue}`:`tint-${hue}`}function pull(view,name){let{step}=view.knob(name),
grain=step/5;return pulling(()=>view.state[name],value=>view.change({[name]:Math.round(value/grain)*grain}),.4*step)}function term({name,hue="ink",value,text=name,
term:partner=name,pulls=!1}){return{name,hue,value,text,partner,pulls}}var knobTerm=(name,hue,more={})=>term({name,hue,pulls:!0,...more});function equation(view,label,parts){
let draw=part=>{if(Array.isArray(part))return b`<span class="half">${groups(part).map(draw)}</span>`;if(part.group)return b`<span class="kept">${part.group.map(
draw)}</span>`;if(typeof part=="string")return b`<span class="sign">${part}</span>`;if(part.sign)return b`<span class="sign" data-term=${part.term}>${part.sign}</span>`;
if(part.typeset)return b`<span class="term typeset ${hueClass(part.hue)}" data-term=${part.name}><span>${part.typeset}</span><span class="number">${part.value}</span></span>`;
let value=part.value??decimal(view.state[part.name]);return b`<span class="term ${hueClass(part.hue)}" data-term=${part.partner}>${symbol(part.text)}<span
      class="number ${part.pulls?"scrub":""}" @pointerdown=${part.pulls?pull(view,part.name):A}>${value}</span></span>`};return b`<div class="equation" role="math" translate="no" aria-label=${label}>${groups(
parts).map(draw)}</div>`}function groups(parts){let made=[],open=[];for(let part of parts){let text=typeof part=="string"?part:part.sign;Array.isArray(part)?made.
push(part):text===void 0?(made.push({group:[...open,part]}),open=[]):/^[)\]|‖]/.test(text)&&made.length?made.at(-1).group.push(part):open.push(part)}return open.
length&&made.push({group:open}),made}function code(pieces2){return b`<code class="code" translate="no">${pieces2.map(piece=>typeof piece=="string"?piece:b`<span class=${hueClass(
piece[2])} data-term=${piece[1]}>${piece[0]}</span>`)}</code>`}function room(width,height){let taken=[],curves=[],box=(left,right,top,bottom)=>taken.push([left,right,top,bottom]),curve2=points=>points.length>1&&curves.push(
points),disturbed=([left,right,top,bottom])=>{let sum=0;sum+=400*(Math.max(0,-left)+Math.max(0,right-width)),sum+=400*(Math.max(0,-top)+Math.max(0,bottom-height));
for(let[l2,r2,t2,b2]of taken){let[wide,high]=[Math.min(r2,right)-Math.max(l2,left),Math.min(b2,bottom)-Math.max(t2,top)];wide>0&&high>0&&(sum+=1e3+20*wide*high)}
for(let points of curves)for(let k2=1;k2<points.length;k2++){let share2=inside(points[k2-1],points[k2],left,right,top,bottom);share2>0&&(sum+=20+20*share2)}return sum};
return{box,curve:curve2,find:(wide,size,places)=>{let best=null;for(let[x2,y2,anchor="start"]of places){let left=anchor==="start"?x2:anchor==="end"?x2-wide:x2-wide/
2,area=[left-2,left+wide+2,y2-.82*size,y2+.3*size],cost=disturbed(area);if((!best||cost<best.cost)&&(best={x:x2,y:y2,anchor,cost,area,free:cost===0}),cost===0)break}
return best},take:({area})=>taken.push(area)}}function inside([ax,ay],[bx,by],left,right,top,bottom){if(ax<left&&bx<left||ax>right&&bx>right||ay<top&&by<top||ay>
bottom&&by>bottom)return 0;let[dx,dy]=[bx-ax,by-ay],[from,to]=[0,1];for(let[start,way,low,high]of[[ax,dx,left,right],[ay,dy,top,bottom]]){if(way===0)continue;let[
one,other]=[(low-start)/way,(high-start)/way];from=Math.max(from,Math.min(one,other)),to=Math.min(to,Math.max(one,other))}return to>from?(to-from)*Math.hypot(dx,
dy):0}function around([x2,y2],gap=8,order="right left above below"){let all={right:[x2+gap,y2+4,"start"],left:[x2-gap,y2+4,"end"],above:[x2,y2-gap,"middle"],below:[
x2,y2+gap+10,"middle"]},slant=[[x2+gap,y2-gap,"start"],[x2-gap,y2-gap,"end"],[x2+gap,y2+gap+10,"start"],[x2-gap,y2+gap+10,"end"]];return[...order.split(" ").map(
side=>all[side]),...slant]}function along(points,wide,sides=[-1,1],shares=[1,.85,.7,.55,.4,.25,.1,0]){if(!points.length)return[];let[first,last]=[points[0][0],points.
at(-1)[0]];return shares.flatMap(share2=>{let x2=first+4+share2*Math.max(last-first-wide-8,0),under=heights(points,x2,x2+wide);return under?sides.flatMap(side=>[
0,12].map(more=>[x2,side<0?under[0]-8-more:under[1]+17+more,"start"])):[]})}function heights(points,x0,x1){let[low,high]=[1/0,-1/0],see2=y2=>{low=Math.min(low,y2),high=Math.max(high,y2)};for(let k2=1;k2<points.length;k2++){let[[ax,ay],[
bx,by]]=[points[k2-1],points[k2]];if(ax>x1)break;if(bx<x0)continue;let at2=x2=>bx>ax?ay+(by-ay)*(Math.min(Math.max(x2,ax),bx)-ax)/(bx-ax):by;see2(at2(x0)),see2(
at2(x1))}return low<=high?[low,high]:null}var at=value=>value.toFixed(1),classes=(...names)=>names.filter(Boolean).join(" "),through=points=>points.length?`M${points.map(([x2,y2])=>`${at(x2)} ${at(y2)}`).
join("L")}`:"";function handle(spec){let{name,at:place,drag,keys,now,low,high,says,along:along2="x",hue="ink",term:term2,hollow}=spec,pressed=event=>{let steps=stepsOf(
event);steps!==null&&keys(steps)},cursor={x:"ew-resize",y:"ns-resize",xy:"move"}[along2];return w`<g class=${classes("handle",hueClass(hue),hollow&&"beyond")} role="slider" tabindex="0"
    aria-label=${name} aria-valuemin=${low} aria-valuemax=${high} aria-valuenow=${now} aria-valuetext=${says}
    aria-orientation=${along2==="y"?"vertical":"horizontal"} data-term=${term2??A}
    style="cursor:${cursor}" transform="translate(${place[0].toFixed(2)} ${place[1].toFixed(2)})"
    @pointerdown=${dragging(place,drag)} @keydown=${pressed}>
    <circle r="22" class="reach"></circle><circle r="13" class="halo"></circle><circle r="8" class="dot"></circle>
  </g>`}function picture(view,{width,height,label,kind="chart",role="group"}){let narrow=width<480,free=room(width,height),size=narrow?12:13,sizes={math:16,small:12},
font=sort=>{let named=Object.keys(sizes).find(name=>sort.split(" ").includes(name)),weight2=sort.split(" ").includes("value")?600:400;return{...view.font,size:named?
sizes[named]:size,weight:weight2}},measure=(source,sort="value")=>widthOf(source,font(sort)),text=(source,[x2,y2,anchor="start"],{sort="note",hue,term:term2}={})=>{
let place=free.find(measure(source,sort),font(sort).size,[[x2,y2,anchor]]);return free.take(place),said(source,place,sort,hue,term2)},label_=(source,places,{sort="\
value",hue,term:term2,optional=!1}={})=>{let place=free.find(measure(source,sort),font(sort).size,places);return!place||optional&&!place.free?A:(free.take(place),
said(source,place,sort,hue,term2))},said=(source,{x:x2,y:y2,anchor},sort,hue,term2)=>w`<text class=${classes(sort,hue&&hueClass(hue),anchor!=="middle"&&anchor)}
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
axis"}),yTitle:(source,shift=0)=>ground.text(source,[left+shift,top-8],{sort:"axis"}),curve:(points,{sort="line",...more}={})=>{let pixels=points.map(place);return free.
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
  </div>`}function wire(d2,{hue="ink",term:term2,carries,width}={}){let size=width??1.2+2.2*Math.min(Math.abs(carries),3),dashes=carries<-.005?"5 4":A;return w`<g class="wire ${hueClass(
hue)}" data-term=${term2??A}>
    <path class="glow" d=${d2} stroke-width=${(size+8).toFixed(2)}></path>
    <path d=${d2} stroke-width=${size.toFixed(2)} stroke-dasharray=${dashes}></path></g>`}function node(view,c2,[x2,y2],text,{hue="ink",term:term2,radius=14,pulls}={}){
return c2.free.box(x2-radius,x2+radius,y2-radius,y2+radius),w`<g class="node ${hueClass(hue)} ${pulls?"scrub":""}" data-term=${term2??A}
    transform="translate(${x2.toFixed(1)} ${y2.toFixed(1)})" @pointerdown=${pulls?pull(view,pulls):A}>
    <circle r=${radius}></circle><text class="math" y="5">${words(text)}</text></g>`}function weight(view,c2,[x2,y2],text,value,{hue="ink",name}){return c2.free.
box(x2-24,x2+24,y2-20,y2+22),w`<g class="box scrub" data-term=${name} transform="translate(${x2.toFixed(1)} ${y2.toFixed(1)})"
    @pointerdown=${pull(view,name)}><rect x="-24" y="-20" width="48" height="42" rx="7"></rect>
    <text class="math ${hueClass(hue)}" y="-5">× ${words(text)}</text><text class="value" y="13">${value}</text>
    ${dots(-c2.measure(value)/2,17,c2.measure(value))}</g>`}function pulled(view,c2,text,[x2,y2,anchor="middle"],{hue="ink",name}){let wide=c2.measure(text),left=anchor===
"middle"?x2-wide/2:anchor==="end"?x2-wide:x2,shown=c2.text(text,[x2,y2,anchor],{sort:"value scrub",hue,term:name});return w`<g class="pulled ${hueClass(hue)}" @pointerdown=${pull(
view,name)}>${shown}${dots(left,y2+4,wide)}</g>`}var dots=(x2,y2,wide)=>w`<path class="dotted" d="M${x2.toFixed(1)} ${y2}h${wide.toFixed(1)}"></path>`;function ownKey(model){let page=Symbol.for("rnnbook.keys");globalThis[page]??=new Map;let keys=globalThis[page],wanted=model.get("key"),key=wanted;for(let k2=2;keys.
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
test(text))return;let plain=(_2,code3)=>String.fromCodePoint(Number.parseInt(code3,36)),marks=[...text.slice(1).replaceAll("_"," ").replace(/~([0-9a-z]+)-/g,plain)];
return marks.length<=knob.most&&known(knob,marks.join("")).length===marks.length?marks.join(""):void 0}function ownKeys(root){root.addEventListener("keydown",event=>{!(event.ctrlKey||event.metaKey||event.altKey)&&!/^(Tab|Escape|F\d+)$/.test(event.key)&&event.stopPropagation()})}
function markKeys(root){let unmarked=":is(input, button, [tabindex]):not([data-lm-suppress-shortcuts])";for(let node2 of root.querySelectorAll(unmarked))node2.dataset.
lmSuppressShortcuts="true"}function followInk(root){let said="[data-theme], [data-jp-theme-light], [theme], .vscode-dark, .vscode-light",look=()=>{if(root.parentElement?.
closest(said))return;let[r2,g2,b2]=getComputedStyle(root.parentElement??root).color.match(/[\d.]+/g).map(Number);root.dataset.scheme=.3*r2+.59*g2+.11*b2>140?"da\
rk":"light"},query=matchMedia("(prefers-color-scheme: dark)");return query.addEventListener("change",look),requestAnimationFrame(look),()=>query.removeEventListener(
"change",look)}function lightPartners(root){let lit=null,light=term2=>{if(term2!==lit){for(let node2 of root.querySelectorAll("[data-shine]"))delete node2.dataset.
shine;if(term2)for(let node2 of root.querySelectorAll(`[data-term="${CSS.escape(term2)}"]`))node2.dataset.shine="";lit=term2}},of=event=>event.target.closest?.(
"[data-term]")?.dataset.term??null,focused=()=>root.querySelector("[data-term]:focus-within, [data-term]:focus")?.dataset.term??null;root.addEventListener("poin\
terover",event=>light(of(event)??focused())),root.addEventListener("pointerleave",()=>light(focused())),root.addEventListener("focusin",event=>light(of(event))),
root.addEventListener("focusout",()=>light(null))}async function copied(text){try{return await navigator.clipboard.writeText(text),!0}catch{return!1}}function large(model,name,root,arrived){let here=model.get(name);if(here!==void 0||!model.bring)return arrived(here??null),()=>{};let events=["pointerdown","foc\
usin"],forget=()=>{watch.disconnect();for(let event of events)root.removeEventListener(event,bring)},bring=()=>{forget(),model.bring(name).then(arrived,()=>arrived(
null))},watch=new IntersectionObserver(seen=>seen.some(one=>one.isIntersecting)&&bring(),{rootMargin:"200px 0px"});watch.observe(root);for(let event of events)root.
addEventListener(event,bring);return forget}var NARROW=480,COUNT=Symbol.for("rnnbook.count");function explorable(spec){return{render:({model,el})=>mount(spec,model,el)}}function mount(spec,model,el){let plainPage=model.
widget_manager===void 0,store=openStore(model),key=ownKey(model);globalThis[COUNT]=(globalThis[COUNT]??0)+1;let number=globalThis[COUNT],root=document.createElement(
"div");root.className="rnn-explorable",root.setAttribute("role","group"),root.setAttribute("aria-label",model.get("title")),el.append(root);let frame={about:-1,
fresh:!0,status:"",refused:"",shared:"Copy link",timer:0},[width,state,now]=[0,store.read(),null],view={own:spec.start?.(model)??{},knobs:store.knobs,presets:model.
get("_presets")??[],first:store.first,knob:name=>store.byName[name],get:name=>model.get(name),id:name=>`rnn-${number}-${name}`,change:part=>store.change(spec.complete?.(
part,view)??part),redraw:()=>draw(),get state(){return state},get now(){return now},get width(){return width},get narrow(){return width<NARROW},get held(){return root.
querySelector("[data-held]")?.dataset.term??null}},draw=()=>{state=store.read(),view.font=fontOf(root),now=spec.see?spec.see(state,view):state;let done2=spec.done?.(
view),task=guidance("try","Try",model.get("try_this"),done2),knobs=(spec.controls??controls)(view);D(b`<div class="head"><p class="title">${inline(model.get("ti\
tle"))}</p><div class="tools">
          <button type="button" class="quiet" @click=${reset}>Reset</button>
          ${plainPage?b`<button type="button" class="quiet" @click=${share2}>${frame.shared}</button>`:A}
        </div></div>
        ${task}
        <p class="refused" role="status">${frame.refused}</p>
        ${presetBar(view,frame)}
        <div class="stage">${spec.formula?.(view)??A}${view.narrow?knobs:A}${spec.stage(view)}</div>
        ${view.narrow?A:knobs}
        ${guidance("notice","Notice",model.get("notice"))}
        <p class="unseen" role="status">${frame.status}</p>`,root),markKeys(root)},settle=()=>{clearTimeout(frame.timer),frame.timer=setTimeout(()=>{frame.status=
spec.say(view),plainPage&&history.replaceState(history.state,"",addressWith(key,store)),draw()},400)},reset=()=>{frame.about=-1,frame.fresh=!0,frame.refused="",
view.own.reset?.(),store.change(store.first)},share2=async()=>{history.replaceState(history.state,"",addressWith(key,store,!0)),frame.shared=await copied(location.
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
wordSpacing)}}function guidance(kind,word,text,done2){let tick=done2!=null?b`<span class="met" aria-hidden="true"> ✓</span>`:A;return b`<p class="guidance ${kind} ${done2?
"done":""}"><strong>${word}: </strong>${inline(text)}${tick}</p>`}function sigmoid(a2){if(a2>=0)return 1/(1+Math.exp(-a2));let power=Math.exp(a2);return power/(1+power)}function sigmoidSlope(a2){return sigmoid(a2)*sigmoid(-a2)}function forgettingRate(a2){return a2>=0?Math.log1p(Math.exp(-a2)):Math.log1p(Math.exp(a2))-a2}function gateHalfLife(a2){return Math.LN2/forgettingRate(a2)}function preactivationOfHalfLife(steps){let rate=Math.LN2/steps;return-rate-Math.log(-Math.expm1(-rate))}
function kept(a2,t2){return Math.exp(-forgettingRate(a2)*t2)}var EDGE=8,FLAT=2.887,HEIGHT=248;function see({w_x,w_h,b:b2,x:x2,h:h2}){let rest=w_x*x2+w_h*h2,a2=rest+b2;return{rest,a:a2,f:sigmoid(a2),slope:sigmoidSlope(a2),
halfLife:gateHalfLife(a2),said:share(sigmoid(a2),sigmoid(-a2))}}var forgetsAtOnce=halfLife=>halfLife<.995;function halfLifeText(steps){return forgetsAtOnce(steps)?
"less than half is left after one step":`half-life ${short(steps)} ${short(steps)==="1.00"?"step":"steps"}`}function formula(view){let f2=term({name:"f",hue:"f",
value:view.now.said}),[w_x,w_h]=[knobTerm("w_x","wx"),knobTerm("w_h","wh")],[x2,h2,b2]=[knobTerm("x","x"),knobTerm("h","h"),knobTerm("b")];return equation(view,
"f = σ(w_x x + w_h h + b)",[f2,"=",{sign:"σ",term:"a"},"(",w_x,"·",x2,"+",w_h,"·",h2,"+",b2,")"])}var code2=()=>code([["torch.sigmoid","a","f"],"(",["x","x",
"x"]," @ ",["W_x","w_x","wx"]," + ",["h","h","h"]," @ ",["W_h","w_h","wh"]," + ",["b","b","ink"],")"]);function wires(view){let{w_x,w_h,b:b2,x:x2,h:h2}=view.state,
{a:a2,f:f2,said}=view.now,{width}=view,label=`Wires: x and h, each times its weight, and b are added to ${decimal(a2)}; σ makes ${said} of it, which multiplies\
 the stored value.`,c2=picture(view,{width,height:190,label,kind:"wires",role:"img"}),parts=c2.narrow?[.055,.225,.46,.63,.745]:[.055,.22,.45,.66,.83],[left,box,
sum,sigma,times]=parts.map(part=>part*width),[top,upper,middle,lower]=[42,90,118,146],half2=(box+sum)/2,bend=y2=>`M${box} ${y2}C${half2} ${y2} ${half2} ${middle}\
 ${sum} ${middle}`,up=`M${sigma} ${middle}H${times-12}Q${times} ${middle} ${times} ${middle-12}V${top}`;c2.free.box(0,width,top-5,top+5);let[beside,out]=[(left+
14+box-24)/2,(sum+sigma)/2],nearX=c2.narrow?[0,upper-20,"start"]:[beside,upper-9],nearH=c2.narrow?[0,lower+30,"start"]:[beside,lower-9],above=(x3,y2,otherX,otherY=y2)=>[
[x3,y2,"middle"],[otherX,otherY,"middle"]],asideOf=(x3,y2)=>[[x3+12,y2],[x3-12,y2,"end"]];return c2.draw(wire(`M0 ${top}H${times}`,{hue:"C",term:"C",width:9}),wire(
`M${times} ${top}H${width}`,{hue:"C",term:"C",width:Math.max(9*f2,.6)}),wire(`M${left} ${upper}H${box}`,{hue:"x",term:"x",carries:x2}),wire(`M${left} ${lower}H${box}`,
{hue:"h",term:"h",carries:h2}),wire(bend(upper),{hue:"wx",term:"w_x",carries:w_x*x2}),wire(bend(lower),{hue:"wh",term:"w_h",carries:w_h*h2}),wire(`M${sum} 172V${middle}`,
{term:"b",carries:b2}),wire(`M${sum} ${middle}H${sigma}`,{term:"a",carries:a2}),wire(up,{hue:"f",term:"f",width:1+7*f2}),node(view,c2,[left,upper],"x",{hue:"x",
term:"x",pulls:"x"}),node(view,c2,[left,lower],"h",{hue:"h",term:"h",pulls:"h"}),node(view,c2,[sum,174],"b",{term:"b",pulls:"b"}),node(view,c2,[sum,middle],"+",
{term:"a"}),node(view,c2,[sigma,middle],"σ",{hue:"f",term:"a",radius:17}),node(view,c2,[times,top],"×",{hue:"C",term:"f",radius:15}),weight(view,c2,[box,upper],
"w_{x}",decimal(w_x),{hue:"wx",name:"w_x"}),weight(view,c2,[box,lower],"w_{h}",decimal(w_h),{hue:"wh",name:"w_h"}),pulled(view,c2,decimal(x2),nearX,{hue:"x",name:"\
x"}),pulled(view,c2,decimal(h2),nearH,{hue:"h",name:"h"}),pulled(view,c2,decimal(b2),[sum+22,179,"start"],{name:"b"}),c2.label(decimal(w_x*x2),above(half2+6,upper-
5,sum-4),{hue:"wx",term:"w_x",optional:!0}),c2.label(decimal(w_h*h2),above(half2+6,lower+13,sum-20),{hue:"wh",term:"w_h",optional:!0}),c2.label(decimal(a2),above(
out,middle-11,out,middle-22),{term:"a"}),c2.label(said,asideOf(times,(top+middle)/2+8),{hue:"f",term:"f",optional:!0}),c2.text("C_{t−1} = 1",[2,top-24],{sort:"\
value",hue:"C",term:"C"}),c2.text(`C_{t} = ${said}`,[width-2,top-24,"end"],{sort:"value",hue:"C",term:"C"}),c2.label("wide: large",[[width-2,166,"end"]],{sort:"\
note small",optional:!0}),c2.label("dashed: negative",[[width-2,182,"end"]],{sort:"note small",optional:!0}))}var half=f2=>f2===.5?"½":String(f2);function curve(view,width){
let{a:a2,slope,said}=view.now,label="The logistic function σ, with the working point on it",ends={x:[-EDGE,EDGE],y:[0,1],foot:12},c2=chart(view,{width,height:HEIGHT,
label,...ends}),shown=clamp(a2,-EDGE,EDGE),setPoint=to=>view.change({b:clamp(to,-EDGE,EDGE)-view.now.rest}),point=c2.handle({name:"Working point; moving it sets\
 the bias b",x:shown,y:sigmoid(shown),move:setPoint,keys:steps=>setPoint(Number.isFinite(steps)?view.now.a+.1*steps:steps),now:Number(a2.toFixed(3)),low:-EDGE,high:EDGE,
says:`a = ${decimal(a2)}, f = ${said}`,hue:"f",term:"f"}),[x2,y2]=c2.place([shown,sigmoid(shown)]),[unit,rise]=[c2.x(1)-c2.x(0),(c2.y(0)-c2.y(1))*slope],length=46/
Math.hypot(unit,rise),back=Math.min(length,shown+EDGE,(c2.y(0)+2-y2)/rise),ahead=Math.min(length,EDGE-shown,(y2-c2.y(1)+2)/rise),flat=(from,to)=>w`<rect class="flat" x=${c2.
x(from)} width=${c2.x(to)-c2.x(from)} y=${c2.top} height=${c2.bottom-c2.top}></rect>`,dots2=Array.from({length:81},(_2,k2)=>-EDGE+2*EDGE*k2/80),[low,high]=[(c2.
left+c2.x(-FLAT))/2,(c2.x(FLAT)+c2.right)/2],in_=(text,x3,y3)=>c2.text(text,[x3,y3,"middle"],{sort:"note small sunken"}),away=a2>EDGE?`a = ${decimal(a2,1)} lies\
 outside →`:`← a = ${decimal(a2,1)} lies outside`;return c2.draw(flat(-EDGE,-FLAT),flat(FLAT,EDGE),w`<g class="ticks">${c2.yTicks([0,.5,1],half,{gap:15})}${c2.
xTicks([-8,-4,0,4,8])}</g>`,c2.path(`M${c2.left} ${y2.toFixed(1)}H${x2.toFixed(1)}V${c2.y(0)}`,"guide"),c2.curve(dots2.map(at2=>[at2,sigmoid(at2)]),{hue:"f",term:"\
f"}),c2.path(`M${kitPoint(x2-back*unit,y2+back*rise)}L${kitPoint(x2+ahead*unit,y2-ahead*rise)}`,"tangent"),c2.xTitle("a = w_{x}·x + w_{h}·h + b"),in_("forgets",
low-7,c2.y(.5)-71),in_("slope",low-7,c2.y(.5)-52),in_("below 0.05",low-7,c2.y(.5)-37),in_("keeps",high,c2.y(.5)-2),in_("slope",high,c2.y(.5)+18),in_("below 0.05",
high,c2.y(.5)+33),c2.text("slope σ′ = f(1 − f)",[c2.right-6,c2.y(0)-25,"end"],{sort:"axis haloed"}),c2.text(`= ${short(slope)}`,[c2.right-6,c2.y(0)-8,"end"],
{sort:"value"}),c2.label(`f = ${said}`,[[x2-14,y2-8,"end"],[x2-14,y2-22,"end"],[c2.left+4,y2-20],[c2.left+4,y2-34],[x2+14,y2+18],[c2.left+4,c2.y(.5)-14],[x2+10,
c2.y(0)-44]],{hue:"f"}),Math.abs(a2)>EDGE?c2.label(away,[[c2.right-4,c2.top+22,"end"],[c2.left+4,c2.y(0)-30]],{sort:"note"}):A,point)}var kitPoint=(x2,y2)=>`${x2.
toFixed(1)} ${y2.toFixed(1)}`;function decay(view,width){let{a:a2,halfLife}=view.now,{steps}=view.state,c2=chart(view,{width,height:HEIGHT,label:"The stored val\
ue through time, with its half-life",...{x:[0,steps],y:[0,1],foot:12,margin:{left:46}}}),fall=(bias,dots2)=>Array.from({length:dots2+1},(_2,k2)=>[steps*k2/dots2,
kept(bias,steps*k2/dots2)]),setLife=to=>{let reach=clamp(to,.05,view.state.steps);view.change({b:preactivationOfHalfLife(reach)-view.now.rest})},beyond=halfLife>
steps,atOnce=forgetsAtOnce(halfLife),life=c2.handle({name:"Half-life of the stored value; moving it sets the bias b",x:Math.min(halfLife,steps),y:.5,move:setLife,
keys:by=>setLife(Number.isFinite(by)?Math.min(view.now.halfLife,view.state.steps)*1.05**by:by),now:Number(Math.min(halfLife,1e9).toPrecision(4)),low:.05,high:steps,
says:halfLifeText(halfLife),hue:"C",term:"C",hollow:beyond}),[x2,y2]=c2.place([Math.min(halfLife,steps),.5]),points=fall(a2,120),draw=drawAround(view),needles=[];
for(let t2=0;t2<=steps&&steps<=60;t2++)needles.push(`M${kitPoint(c2.x(t2),c2.y(0))}V${c2.y(kept(a2,t2)).toFixed(1)}h.01`);let pixels=points.map(c2.place),long=`${halfLifeText(
halfLife)}${beyond?" →":""}`,text=c2.measure(long)>c2.right-c2.left-20?"less than half after one step":long,places=[...around([x2,y2],20,"right"),[x2+20,y2-10],
[x2-20,y2-10,"end"],[x2-20,y2+24,"end"],...along(pixels,c2.measure(text))];return c2.draw(w`<g class="ticks">${c2.yTicks([0,.5,1],half,{gap:21,strong:v2=>v2===.5})}${c2.
xTicks(roundTicks(steps,5))}</g>`,c2.path(`${through(pixels)}V${c2.y(0)}H${c2.left}Z`,"area",{hue:"C"}),c2.path(needles.join(""),"stems",{hue:"C",term:"C"}),c2.
path(draw?draw.map(b2=>through(fall(b2,40).map(c2.place))).join(""):"","units",{hue:"C"}),c2.curve(points,{hue:"C",term:"C"}),c2.path(beyond||atOnce?"":`M${kitPoint(
x2,y2)}V${c2.y(0)}m-4 5l4 -5l4 5`,"guide strong"),c2.xTitle("steps t"),c2.yTitle("C_{t} / C_{0} = f^{ t}"),c2.text("f = 1: the carousel",[c2.right,c2.top-8,"e\
nd"]),c2.label(text,places,{hue:"C"}),draw?c2.label(`faint: the ${draw.length} units of one draw`,[.91,.8,.7,.6].map(f2=>[c2.right,c2.y(f2),"end"]),{sort:"note \
haloed"}):A,life)}function drawAround({presets,state}){let fits=({draw,set})=>draw&&state.b>=Math.min(...draw)&&state.b<=Math.max(...draw)&&Object.entries(set).
every(([name,value])=>name==="b"||Math.abs(state[name]-value)<1e-9);return presets.find(fits)?.draw}function stage(view){let wide=view.width>=560,part=wide?Math.
floor((view.width-20)/2):view.width,left=kept(view.now.a,view.state.steps),rest=left<1e-6?"next to nothing":percent(left);return b`${wires(view)}${code2()}
    <div class="charts ${wide?"wide":""}">${curve(view,part)}${decay(view,part)}</div>
    <p class="sentence">After ${view.state.steps} steps ${rest} is left of the value and, along the cell, of its gradient.</p>`}var percent=part=>part>=.9995?`${decimal(
100*part,2)} %`:`${short(100*part)} %`;function done(view){let goal=view.get("goal");return goal>0?Math.abs(view.now.halfLife/goal-1)<.02:null}function say(view){
let{said,halfLife}=view.now;return`f is ${said}, ${halfLifeText(halfLife)}${done(view)?": what was to be found":""}.`}var forget_gate_default=explorable({see,formula,
stage,say,done});export{forget_gate_default as default};
