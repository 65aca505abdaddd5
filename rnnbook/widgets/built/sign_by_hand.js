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
node.dataset.held="",follow(event,moved=>{let place=placeIn(picture2,moved);drag([place[0]+right,place[1]+down])},()=>delete node.dataset.held)}}function stroked(row,[from,first],[to,last]){let next=[...row];for(let k2=Math.min(from,to);k2<=Math.max(from,to);k2++){let share=from===to?last:first+(last-first)*
(k2-from)/(to-from);next[k2]=Math.min(Math.max(share,0),1)}return next}function painting(view,name,place,lift){return{paint:event=>{if(event.button>0)return;event.
preventDefault();let node=event.currentTarget;node.focus({preventScroll:!0});let last=null,move=moved=>{let next=place(placeIn(node.ownerSVGElement,moved));view.
change({[name]:stroked(view.state[name],last??next,next),step:next[0]+1}),last=next};move(event),follow(event,move)},press:event=>{let steps=stepsOf(event);if(steps===
null)return;let row=[...view.state[name]],at2=Math.min(Math.max(view.state.step,1),row.length);if(/Left|Right|Home|End/.test(event.key))return view.change({step:Math.
min(Math.max(at2+steps,1),row.length)});let up=Math.abs(steps)===10?steps/2:steps;row[at2-1]=Math.min(Math.max(Math.round(1e3*(row[at2-1]+lift*up))/1e3,0),1),view.
change({[name]:row})}}}function patient(slider2,apply){let held=null,listen=(names,act)=>names.forEach(name=>slider2.addEventListener(name,act));listen(["pointerdown"],event=>{held=event.
pointerType==="touch"?{x:event.clientX,y:event.clientY,wanted:null}:null}),listen(["pointermove"],event=>{if(!held)return;let[dx,dy]=[Math.abs(event.clientX-held.
x),Math.abs(event.clientY-held.y)];dx>5&&dx>dy&&(held=null)}),listen(["pointerup"],()=>{let wanted=held?.wanted;held=null,wanted!=null&&apply(wanted)}),listen([
"pointercancel"],()=>{held=null,slider2.restore?.()}),listen(["input"],()=>{held?held.wanted=Number(slider2.value):apply(Number(slider2.value)),held&&slider2.restore?.()})}var clamp=(value,low,high)=>Math.min(Math.max(value,low),high);function scale(d0,d1,r0,r1){let map=value=>r0+(value-d0)/(d1-d0)*(r1-r0);return map.invert=place=>d0+
(place-r0)/(r1-r0)*(d1-d0),map}function decimal(value,digits=2){let text=value.toFixed(digits);return(Number(text)===0?text.replace("-",""):text).replace("-","−")}function remember(make){let[last,result]=[null,null];return(...given)=>((!last||given.some((value,k2)=>value!==last[k2]))&&(result=make(...given)),last=given,result)}var letters=new RegExp("(\\p{L}+)","u");function symbol(name){let[base,index]=name.split("_"),leaning=base.split(letters).filter(Boolean).map(part=>letters.test(
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
widths.set(key,width)}let spaces=word?source.split(" ").length-1:0;return width+letter*source.length+word*spaces}function hueClass(hue){return["x","h","f","i","c","C","o","z","r","n"].includes(hue)?`q-${hue}`:`tint-${hue}`}function room(width,height){let taken=[],curves=[],box=(left,right,top,bottom)=>taken.push([left,right,top,bottom]),curve=points=>points.length>1&&curves.push(points),
disturbed=([left,right,top,bottom])=>{let sum=0;sum+=400*(Math.max(0,-left)+Math.max(0,right-width)),sum+=400*(Math.max(0,-top)+Math.max(0,bottom-height));for(let[
l2,r2,t2,b2]of taken){let[wide,high]=[Math.min(r2,right)-Math.max(l2,left),Math.min(b2,bottom)-Math.max(t2,top)];wide>0&&high>0&&(sum+=1e3+20*wide*high)}for(let points of curves)
for(let k2=1;k2<points.length;k2++){let share=inside(points[k2-1],points[k2],left,right,top,bottom);share>0&&(sum+=20+20*share)}return sum};return{box,curve,find:(wide,size,places)=>{
let best=null;for(let[x2,y2,anchor="start"]of places){let left=anchor==="start"?x2:anchor==="end"?x2-wide:x2-wide/2,area=[left-2,left+wide+2,y2-.82*size,y2+.3*size],
cost=disturbed(area);if((!best||cost<best.cost)&&(best={x:x2,y:y2,anchor,cost,area,free:cost===0}),cost===0)break}return best},take:({area})=>taken.push(area)}}
function inside([ax,ay],[bx,by],left,right,top,bottom){if(ax<left&&bx<left||ax>right&&bx>right||ay<top&&by<top||ay>bottom&&by>bottom)return 0;let[dx,dy]=[bx-ax,
by-ay],[from,to]=[0,1];for(let[start2,way,low,high]of[[ax,dx,left,right],[ay,dy,top,bottom]]){if(way===0)continue;let[one,other]=[(low-start2)/way,(high-start2)/
way];from=Math.max(from,Math.min(one,other)),to=Math.min(to,Math.max(one,other))}return to>from?(to-from)*Math.hypot(dx,dy):0}function spread(wanted,gap,low,high){let order=wanted.map((_2,k2)=>k2).sort((one,other)=>wanted[one]-wanted[other]),places=[],free=low;for(let k2 of order)free=
(places[k2]=Math.max(wanted[k2],free))+gap;free=high;for(let k2 of order.reverse())free=(places[k2]=Math.min(places[k2],free))-gap;return places}var at=value=>value.toFixed(1),classes=(...names)=>names.filter(Boolean).join(" "),through=points=>points.length?`M${points.map(([x2,y2])=>`${at(x2)} ${at(y2)}`).
join("L")}`:"";function handle(spec){let{name,at:place,drag,keys,now,low,high,says,along:along2="x",hue="ink",term,hollow}=spec,pressed=event=>{let steps=stepsOf(
event);steps!==null&&keys(steps)},cursor={x:"ew-resize",y:"ns-resize",xy:"move"}[along2];return w`<g class=${classes("handle",hueClass(hue),hollow&&"beyond")} role="slider" tabindex="0"
    aria-label=${name} aria-valuemin=${low} aria-valuemax=${high} aria-valuenow=${now} aria-valuetext=${says}
    aria-orientation=${along2==="y"?"vertical":"horizontal"} data-term=${term??A}
    style="cursor:${cursor}" transform="translate(${place[0].toFixed(2)} ${place[1].toFixed(2)})"
    @pointerdown=${dragging(place,drag)} @keydown=${pressed}>
    <circle r="22" class="reach"></circle><circle r="13" class="halo"></circle><circle r="8" class="dot"></circle>
  </g>`}function picture(view,{width,height,label,kind="chart",role="group"}){let narrow=width<480,free=room(width,height),size=narrow?12:13,sizes={math:16,small:12},
font=sort=>{let named=Object.keys(sizes).find(name=>sort.split(" ").includes(name)),weight=sort.split(" ").includes("value")?600:400;return{...view.font,size:named?
sizes[named]:size,weight}},measure=(source,sort="value")=>widthOf(source,font(sort)),text=(source,[x2,y2,anchor="start"],{sort="note",hue,term}={})=>{let place=free.
find(measure(source,sort),font(sort).size,[[x2,y2,anchor]]);return free.take(place),said(source,place,sort,hue,term)},label_=(source,places,{sort="value",hue,term,
optional=!1}={})=>{let place=free.find(measure(source,sort),font(sort).size,places);return!place||optional&&!place.free?A:(free.take(place),said(source,place,sort,
hue,term))},said=(source,{x:x2,y:y2,anchor},sort,hue,term)=>w`<text class=${classes(sort,hue&&hueClass(hue),anchor!=="middle"&&anchor)}
      data-term=${term??A} x=${at(x2)} y=${at(y2)}>${words(source)}</text>`;return{width,height,narrow,free,measure,text,label:label_,handle:spec=>{let[x2,y2]=spec.
at;return free.box(x2-9,x2+9,y2-9,y2+9),handle(spec)},path:(d2,sort,{hue,term,wide}={})=>w`<path class=${classes(sort,hue&&hueClass(hue))} data-term=${term??A}
      stroke-width=${wide??A} d=${d2}></path>`,draw:(...layers)=>b`<svg class=${classes(kind,narrow&&"narrow")} role=${role}
    aria-label=${label} width=${width} height=${height} viewBox="0 0 ${width} ${height}">${layers}</svg>`}}function bars(view,{title,label,rows,most,mark}){let[first,gap,{width}]=[26,21,view],height=first+rows.length*gap,c2=picture(view,{width,height,label,kind:"char\
t below bars",role:"img"}),left=10+Math.max(...rows.map(({name})=>c2.measure(name))),across=scale(0,most,left,width-c2.measure("00.00")-10),said=title.find(text=>c2.
measure(text,"axis")<width)??title.at(-1);return c2.draw(c2.text(said,[0,14],{sort:"axis"}),rows.map(({name,value,hue},k2)=>{let[y2,end]=[first+gap*k2,across(value??
0)],look={sort:hue?"value":"note",hue};return w`<rect class=${hue?`own q-${hue}`:A} x=${left} y=${y2} height=${gap-7} width=${Math.max(end-left,.5).toFixed(1)}></rect>
        ${c2.text(name,[0,y2+12],look)}${c2.text(value===null?"?":decimal(value),[end+8,y2+12],look)}`}),c2.path(mark===void 0?"":`M${across(mark).toFixed(1)} ${first-
4}V${height}`,"best"))}/**
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
  </div>`}function button(text,act){return b`<button type="button" @click=${act}>${inline(text)}</button>`}function presetBar(view,own){let{presets,state}=view;
if(!presets.length)return A;let present=presets.findIndex(preset=>agrees(state,preset.set));own.fresh&&present>=0&&(own.about=present),own.fresh=!1;let about=own.
about>=0?inline(presets[own.about].about):A;return b`<div class="presets">
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
part,view)??part),redraw:()=>draw2(),get state(){return state},get now(){return now},get width(){return width},get narrow(){return width<NARROW},get held(){return root.
querySelector("[data-held]")?.dataset.term??null}},draw2=()=>{state=store.read(),view.font=fontOf(root),now=spec.see?spec.see(state,view):state;let done2=spec.done?.(
view),task=guidance("try","Try",model.get("try_this"),done2),knobs=(spec.controls??controls)(view);D(b`<div class="head"><p class="title">${inline(model.get("ti\
tle"))}</p><div class="tools">
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
spec.say(view),plainPage&&history.replaceState(history.state,"",addressWith(key,store)),draw2()},400)},reset=()=>{frame.about=-1,frame.fresh=!0,frame.refused="",
view.own.reset?.(),store.change(store.first)},share=async()=>{history.replaceState(history.state,"",addressWith(key,store,!0)),frame.shared=await copied(location.
href)?"Copied":"It is in the address bar",draw2(),setTimeout(()=>{frame.shared="Copy link",draw2()},2e3)},obey=()=>{let found=stateInAddress(key,store);if(!found)
return!1;let{refused}=found;return frame.refused=refused.length?`The link asks for what cannot be here, and is not shown: ${refused.join(", ")}.`:"",frame.about=
-1,frame.fresh=!0,store.change({...store.first,...found.state}),!0},fit=()=>{let style=getComputedStyle(root),inner=root.clientWidth-Number.parseFloat(style.paddingLeft)-
Number.parseFloat(style.paddingRight),wide=Math.max(Math.floor(inner>0?inner:640),240);return wide===width?!1:(width=wide,!0)};fit();let arrived=value=>{view.own.
arrived(value),root.childElementCount&&draw2()},forgetLarge=spec.large?large(model,spec.large,root,arrived):()=>{};store.whenChanged(()=>{draw2(),settle()}),plainPage&&
obey()?readAddress()[0][0]===key&&requestAnimationFrame(()=>root.scrollIntoView({block:"start"})):draw2(),lightPartners(root),ownKeys(root);let forgetInk=followInk(
root),written2=()=>JSON.stringify(fontOf(root))!==JSON.stringify(view.font),observer=new ResizeObserver(()=>(fit()||written2())&&draw2());return observer.observe(
root),document.fonts?.addEventListener("loadingdone",draw2),plainPage&&addEventListener("hashchange",obey),()=>{observer.disconnect(),store.close(),view.own.leave?.(),
forgetLarge(),forgetInk(),document.fonts?.removeEventListener("loadingdone",draw2),removeEventListener("hashchange",obey),clearTimeout(frame.timer)}}function fontOf(root){
let{fontFamily:family,letterSpacing,wordSpacing}=getComputedStyle(root),pixels=text=>Number.parseFloat(text)||0;return{family,letter:pixels(letterSpacing),word:pixels(
wordSpacing)}}function guidance(kind,word,text,done2){let tick=done2!=null?b`<span class="met" aria-hidden="true"> ✓</span>`:A;return b`<p class="guidance ${kind} ${done2?
"done":""}"><strong>${word}: </strong>${inline(text)}${tick}</p>`}function logit(f2){return Math.log(f2)-Math.log1p(-f2)}function uniform(seed){let state=seed|0;return()=>{state=state+1831565813|0;let t2=Math.imul(state^state>>>15,1|state);return t2=t2+Math.imul(t2^t2>>>7,61|t2)^t2,
(((t2^t2>>>14)>>>0)+.5)/4294967296}}function streamDraw(seed,steps){let next=uniform(seed);return Array.from({length:steps},()=>{let chance=next(),radius=Math.sqrt(-2*Math.log(next())),angle=2*Math.
PI*next();return[chance,radius*Math.cos(angle),radius*Math.sin(angle)]})}function answerAt(row,v2){let place=(Math.min(Math.max(v2,-3),3)+3)/6*(row.length-1),k2=Math.min(Math.floor(place),row.length-2);return 4*(row[k2]+(place-k2)*(row[k2+
1]-row[k2]))-2}function meanSign(v2,noise,chance){return Math.tanh(v2/noise**2+.5*logit(chance))}function overReadings(says,noise,chance){let[sum,mass]=[0,0];for(let k2=-512;k2<=
512;k2++){let weight=Math.exp(-.5*(k2/64)**2),[up,down]=[1+noise*k2/64,-1+noise*k2/64];sum+=weight*(chance*says(1,up)+(1-chance)*says(-1,down)),mass+=weight}return sum/
mass}function answerError(row,noise,chance){return overReadings((sign,v2)=>(sign-answerAt(row,v2))**2,noise,chance)}function leastErrors(noise,chance){let variance=4*
chance*(1-chance),mean=v2=>meanSign(v2,noise,chance);return{line:variance*noise**2/(variance+noise**2),sign:overReadings((_2,v2)=>2*(1-Math.abs(mean(v2))),noise,
chance),mean:overReadings((_2,v2)=>1-mean(v2)**2,noise,chance)}}var[SEED,SHOWN,RIDE]=[81,120,60],ROOM={answers:[26,226],readings:250,floor:[300,400],axis:420},draw=streamDraw(SEED,SHOWN),start=()=>({least:remember(leastErrors)});
function see({answers,noise,chance,step},{own}){let signs=draw.map(([luck])=>luck<chance?1:-1),readings=draw.map(([,,error],k3)=>signs[k3]+noise*error),total=numbers=>{
let sum=0;return numbers.slice(0,RIDE).map(n2=>sum+=n2)},floors=total(signs),knots=answers.length,k2=clamp(step,1,knots)-1;return{signs,readings,floors,memory:total(
readings.map(v2=>answerAt(answers,v2))),error:answerError(answers,noise,chance),least:own.least(noise,chance),low:Math.min(...floors,-2)-4,high:Math.max(...floors,
2)+4,knots,k:k2,v:6*k2/(knots-1)-3,answer:4*answers[k2]-2}}function strips(view){let{now,width,state}=view,{k:k2,knots}=now,c2=picture(view,{width,height:446,label:"\
Readings of the lift, the curve of your answers, and the floors that follow from them"}),names=["lift","memory"],[left,right]=[34,width-Math.max(...names.map(name=>c2.
measure(name)))-16],across=scale(-3,3,left+10,right-10),along2=scale(0,RIDE,left,right),up=scale(-2,2,ROOM.answers[1],ROOM.answers[0]),floor=scale(now.low,now.high,
ROOM.floor[1],ROOM.floor[0]),knot=n2=>across(6*n2/(knots-1)-3),place=([x2,y2])=>[clamp(Math.round((across.invert(x2)+3)/6*(knots-1)),0,knots-1),clamp(Math.round(
10*(up.invert(y2)+2))/40,0,1)],{paint,press}=painting(view,"answers",place,.025),mine=((row,at2)=>through(row.map((y2,n2)=>at2(y2,n2))))(state.answers,(share,n2)=>[
knot(n2),up(4*share-2)]),best=through(Array.from({length:121},(_2,n2)=>n2/20-3).map(v2=>[across(v2),up(meanSign(v2,state.noise,state.chance))])),triangle=sign=>now.
readings.flatMap((v2,n2)=>{if(now.signs[n2]!==sign||Math.abs(v2)>3)return[];let y2=up(sign+.16*clamp(draw[n2][1],-2,2));return[`M${across(v2).toFixed(1)} ${(y2-
4.5*sign).toFixed(1)}l4.5 ${8*sign}h-9z`]}).join(""),grid=(y2,text)=>[w`<line x1=${left} x2=${right} y1=${y2.toFixed(1)} y2=${y2.toFixed(1)}></line>`,c2.text(text,
[left-7,y2+4,"end"],{sort:"tick"})],unit=[2,5,10,20].find(size=>now.high-now.low<5*size)??40,floors=Array.from({length:9},(_2,n2)=>unit*(n2-4)).filter(y2=>y2>=now.
low&&y2<=now.high),course=row=>[[along2(0),floor(0)],...row.map((y2,t2)=>[along2(t2+1),clamp(floor(y2),ROOM.floor[0]-6,ROOM.floor[1]+6)])],ends=[now.floors,now.
memory].map(row=>course(row).at(-1)[1]),heights=spread(ends,17,ROOM.floor[0],ROOM.floor[1]+4),said=`reading ${decimal(now.v)}: answer ${decimal(now.answer)}`;return c2.
draw(w`<g class="ticks">${[-2,-1,0,1,2].map(y2=>grid(up(y2),decimal(y2,0)))}
      ${floors.map(y2=>grid(floor(y2),decimal(y2,0)))}</g>`,c2.path(triangle(1)+triangle(-1),"votes"),w`<g class="handle painted q-c" role="slider" tabindex="0" aria-orientation="vertical"
      data-term="c" aria-label="Your answer to each reading" aria-valuemin="-2" aria-valuemax="2"
      aria-valuenow=${decimal(now.answer).replace("−","-")} aria-valuetext=${said}
      @pointerdown=${paint} @keydown=${press}>
      <rect class="reach" x=${left} y=${ROOM.answers[0]-8} width=${right-left} height=${ROOM.answers[1]-ROOM.answers[0]+16}></rect>
      ${state.best==="shown"?c2.path(best,"best"):A}
      ${c2.path(mine,"line",{hue:"c"})}
      <circle class="dot" cx=${knot(k2).toFixed(1)} cy=${up(now.answer).toFixed(1)} r="6"></circle></g>`,c2.text("your answer",[left,12],{sort:"axis haloed"}),c2.
label("▲ it went up  ▼ down",[[right,12,"end"],[width,12,"end"]],{sort:"axis"}),w`<g class="ticks">${[-3,-2,-1,0,1,2,3].map(v2=>c2.text(decimal(v2,0),[across(
v2),ROOM.readings,"middle"],{sort:"tick"}))}</g>`,c2.text("reading v",[(left+right)/2,ROOM.readings+20,"middle"],{sort:"axis"}),c2.path(through(course(now.floors)),
"target"),c2.path(through(course(now.memory)),"line",{hue:"C",term:"C"}),names.map((name,n2)=>c2.text(name,[right+8,heights[n2]+4],{sort:"value",hue:n2?"C":void 0})),
c2.text("floor",[left,ROOM.floor[0]-12],{sort:"axis haloed"}),w`<g class="ticks">${[20,40,60].map(t2=>c2.text(String(t2),[along2(t2),ROOM.axis,"middle"],{sort:"\
tick"}))}</g>`,c2.text("step t",[(left+right)/2,ROOM.axis+21,"middle"],{sort:"axis"}))}function stage(view){let{now,state}=view,rows=[{name:"best line",value:now.
least.line},{name:"hard sign",value:now.least.sign},{name:"your curve",value:now.error,hue:"c"},...state.best==="shown"?[{name:"best curve",value:now.least.mean}]:
[]],most=Math.max(1,now.error),title=["mean square error per step, over all such readings","mean square error per step"];return b`${strips(view)}${bars(view,{title,
label:say(view),rows,most})}<p class="sentence">${say(view)}</p>`}function controls2(view){let next=view.state.best==="shown"?"hidden":"shown";return controls(view,
{more:button(next==="shown"?"Show the best curve":"Hide the best curve",()=>view.change({best:next}))})}var done=({now})=>now.error<Math.min(now.least.line,now.
least.sign),say=({now})=>`To a reading of ${decimal(now.v)} you answer ${decimal(now.answer)}. Your error per step is ${decimal(now.error)}.`,sign_by_hand_default=explorable(
{start,see,stage,controls:controls2,say,done});export{sign_by_hand_default as default};
