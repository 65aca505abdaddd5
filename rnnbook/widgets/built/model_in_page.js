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
node.dataset.held="",follow(event,moved=>{let place=placeIn(picture2,moved);drag([place[0]+right,place[1]+down])},()=>delete node.dataset.held)}}function patient(slider2,apply){let held2=null,listen=(names,act)=>names.forEach(name=>slider2.addEventListener(name,act));listen(["pointerdown"],event=>{held2=
event.pointerType==="touch"?{x:event.clientX,y:event.clientY,wanted:null}:null}),listen(["pointermove"],event=>{if(!held2)return;let[dx,dy]=[Math.abs(event.clientX-
held2.x),Math.abs(event.clientY-held2.y)];dx>5&&dx>dy&&(held2=null)}),listen(["pointerup"],()=>{let wanted=held2?.wanted;held2=null,wanted!=null&&apply(wanted)}),
listen(["pointercancel"],()=>{held2=null,slider2.restore?.()}),listen(["input"],()=>{held2?held2.wanted=Number(slider2.value):apply(Number(slider2.value)),held2&&
slider2.restore?.()})}var clamp=(value,low,high)=>Math.min(Math.max(value,low),high);function scale(d0,d1,r0,r1){let map=value=>r0+(value-d0)/(d1-d0)*(r1-r0);return map.invert=place=>d0+
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
cost2=disturbed(area);if((!best||cost2<best.cost)&&(best={x:x2,y:y2,anchor,cost:cost2,area,free:cost2===0}),cost2===0)break}return best},take:({area})=>taken.push(
area)}}function inside([ax,ay],[bx,by],left,right,top,bottom){if(ax<left&&bx<left||ax>right&&bx>right||ay<top&&by<top||ay>bottom&&by>bottom)return 0;let[dx,dy]=[
bx-ax,by-ay],[from,to]=[0,1];for(let[start2,way,low,high]of[[ax,dx,left,right],[ay,dy,top,bottom]]){if(way===0)continue;let[one,other]=[(low-start2)/way,(high-start2)/
way];from=Math.max(from,Math.min(one,other)),to=Math.min(to,Math.max(one,other))}return to>from?(to-from)*Math.hypot(dx,dy):0}var at=value=>value.toFixed(1),classes=(...names)=>names.filter(Boolean).join(" ");function handle(spec){let{name,at:place,drag,keys,now,low,high,says,along:along2="x",hue="ink",term,hollow}=spec,pressed=event=>{let steps=stepsOf(event);steps!==
null&&keys(steps)},cursor={x:"ew-resize",y:"ns-resize",xy:"move"}[along2];return w`<g class=${classes("handle",hueClass(hue),hollow&&"beyond")} role="slider" tabindex="0"
    aria-label=${name} aria-valuemin=${low} aria-valuemax=${high} aria-valuenow=${now} aria-valuetext=${says}
    aria-orientation=${along2==="y"?"vertical":"horizontal"} data-term=${term??A}
    style="cursor:${cursor}" transform="translate(${place[0].toFixed(2)} ${place[1].toFixed(2)})"
    @pointerdown=${dragging(place,drag)} @keydown=${pressed}>
    <circle r="22" class="reach"></circle><circle r="13" class="halo"></circle><circle r="8" class="dot"></circle>
  </g>`}function picture(view,{width,height,label,kind="chart",role="group"}){let narrow=width<480,free=room(width,height),size=narrow?12:13,sizes={math:16,small:12},
font=sort=>{let named2=Object.keys(sizes).find(name=>sort.split(" ").includes(name)),weight=sort.split(" ").includes("value")?600:400;return{...view.font,size:named2?
sizes[named2]:size,weight}},measure=(source,sort="value")=>widthOf(source,font(sort)),text=(source,[x2,y2,anchor="start"],{sort="note",hue,term}={})=>{let place=free.
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
one.every((value,k2)=>same(value,other[k2])):typeof one=="number"?Math.abs(one-other)<1e-9:one===other}function openStore(model){let knobs2=model.get("_knobs"),
byName=Object.fromEntries(knobs2.map(knob=>[knob.name,knob])),read=()=>Object.fromEntries(knobs2.map(({name})=>[name,fitted(byName[name],model.get(name))])),changed=()=>{},
quiet=!1,listen=()=>quiet||changed();for(let{name}of knobs2)model.on(`change:${name}`,listen);return{knobs:knobs2,byName,read,first:read(),whenChanged:call=>changed=
call,change(part){quiet=!0;for(let[name,value]of Object.entries(part))model.set(name,fitted(byName[name],value));quiet=!1,changed(),model.save_changes()},close:()=>knobs2.
forEach(({name})=>model.off(`change:${name}`,listen))}}function stopsByRatio(low,high,whole){let stops=[];for(let stop=low;stop<high;)stops.push(stop),stop=whole?Math.max(stop+1,Math.round(1.02*stop)):1.02*stop;return[
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
  </div>`}function textControl(view,{name,label,most}){let typed=({target})=>view.change({[name]:target.value}),finished=({target})=>target.value=view.state[name];
return b`<label class="writing" data-term=${name}><span>${label}</span>
    <input type="text" data-name=${name} maxlength=${most} spellcheck="false" autocapitalize="off" autocomplete="off"
      ${fieldText(view.state[name])} @input=${typed} @change=${finished} /></label>`}function choiceControl(view,{name,names,label}){let typeset=label.includes(
"_")||label.split(" ").at(-1).length===1;return b`<fieldset class="choice-of" data-term=${name}>
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
  </div>`}function column(x2,half,from,to,sort,hue){return w`<rect class="${sort} ${hueClass(hue)}" x=${(x2-half).toFixed(1)} width=${(2*half).toFixed(1)}
    y=${Math.min(from,to).toFixed(1)} height=${Math.abs(from-to).toFixed(1)}></rect>`}function ownKey(model){let page=Symbol.for("rnnbook.keys");globalThis[page]??=new Map;let keys=globalThis[page],wanted=model.get("key"),key=wanted;for(let k2=2;keys.
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
null))},watch=new IntersectionObserver(seen2=>seen2.some(one=>one.isIntersecting)&&bring(),{rootMargin:"200px 0px"});watch.observe(root);for(let event of events)
root.addEventListener(event,bring);return forget}var NARROW=480,COUNT=Symbol.for("rnnbook.count");function explorable(spec){return{render:({model,el})=>mount(spec,model,el)}}function mount(spec,model,el){let plainPage=model.
widget_manager===void 0,store=openStore(model),key=ownKey(model);globalThis[COUNT]=(globalThis[COUNT]??0)+1;let number=globalThis[COUNT],root=document.createElement(
"div");root.className="rnn-explorable",root.setAttribute("role","group"),root.setAttribute("aria-label",model.get("title")),el.append(root);let frame={about:-1,
fresh:!0,status:"",refused:"",shared:"Copy link",timer:0},[width,state,now]=[0,store.read(),null],view={own:spec.start?.(model)??{},knobs:store.knobs,presets:model.
get("_presets")??[],first:store.first,knob:name=>store.byName[name],get:name=>model.get(name),id:name=>`rnn-${number}-${name}`,change:part=>store.change(spec.complete?.(
part,view)??part),redraw:()=>draw(),get state(){return state},get now(){return now},get width(){return width},get narrow(){return width<NARROW},get held(){return root.
querySelector("[data-held]")?.dataset.term??null}},draw=()=>{state=store.read(),view.font=fontOf(root),now=spec.see?spec.see(state,view):state;let done2=spec.done?.(
view),task=guidance("try","Try",model.get("try_this"),done2),knobs2=(spec.controls??controls)(view);D(b`<div class="head"><p class="title">${inline(model.get("t\
itle"))}</p><div class="tools">
          <button type="button" class="quiet" @click=${reset}>Reset</button>
          ${plainPage?b`<button type="button" class="quiet" @click=${share}>${frame.shared}</button>`:A}
        </div></div>
        ${task}
        <p class="refused" role="status">${frame.refused}</p>
        ${presetBar(view,frame)}
        <div class="stage">${spec.formula?.(view)??A}${view.narrow?knobs2:A}${spec.stage(view)}</div>
        ${view.narrow?A:knobs2}
        ${guidance("notice","Notice",model.get("notice"))}
        <p class="unseen" role="status">${frame.status}</p>`,root),markKeys(root)},settle=()=>{clearTimeout(frame.timer),frame.timer=setTimeout(()=>{frame.status=
spec.say(view),plainPage&&history.replaceState(history.state,"",addressWith(key,store)),draw()},400)},reset=()=>{frame.about=-1,frame.fresh=!0,frame.refused="",
view.own.reset?.(),store.change(store.first)},share=async()=>{history.replaceState(history.state,"",addressWith(key,store,!0)),frame.shared=await copied(location.
href)?"Copied":"It is in the address bar",draw(),setTimeout(()=>{frame.shared="Copy link",draw()},2e3)},obey2=()=>{let found=stateInAddress(key,store);if(!found)
return!1;let{refused}=found;return frame.refused=refused.length?`The link asks for what cannot be here, and is not shown: ${refused.join(", ")}.`:"",frame.about=
-1,frame.fresh=!0,store.change({...store.first,...found.state}),!0},fit=()=>{let style=getComputedStyle(root),inner=root.clientWidth-Number.parseFloat(style.paddingLeft)-
Number.parseFloat(style.paddingRight),wide=Math.max(Math.floor(inner>0?inner:640),240);return wide===width?!1:(width=wide,!0)};fit();let arrived=value=>{view.own.
arrived(value),root.childElementCount&&draw()},forgetLarge=spec.large?large(model,spec.large,root,arrived):()=>{};store.whenChanged(()=>{draw(),settle()}),plainPage&&
obey2()?readAddress()[0][0]===key&&requestAnimationFrame(()=>root.scrollIntoView({block:"start"})):draw(),lightPartners(root),ownKeys(root);let forgetInk=followInk(
root),written2=()=>JSON.stringify(fontOf(root))!==JSON.stringify(view.font),observer=new ResizeObserver(()=>(fit()||written2())&&draw());return observer.observe(
root),document.fonts?.addEventListener("loadingdone",draw),plainPage&&addEventListener("hashchange",obey2),()=>{observer.disconnect(),store.close(),view.own.leave?.(),
forgetLarge(),forgetInk(),document.fonts?.removeEventListener("loadingdone",draw),removeEventListener("hashchange",obey2),clearTimeout(frame.timer)}}function fontOf(root){
let{fontFamily:family,letterSpacing,wordSpacing}=getComputedStyle(root),pixels=text=>Number.parseFloat(text)||0;return{family,letter:pixels(letterSpacing),word:pixels(
wordSpacing)}}function guidance(kind,word,text,done2){let tick=done2!=null?b`<span class="met" aria-hidden="true"> ✓</span>`:A;return b`<p class="guidance ${kind} ${done2?
"done":""}"><strong>${word}: </strong>${inline(text)}${tick}</p>`}function sigmoid(a2){if(a2>=0)return 1/(1+Math.exp(-a2));let power=Math.exp(a2);return power/(1+power)}function uniform(seed){let state=seed|0;return()=>{state=state+1831565813|0;let t2=Math.imul(state^state>>>15,1|state);return t2=t2+Math.imul(t2^t2>>>7,61|t2)^t2,
(((t2^t2>>>14)>>>0)+.5)/4294967296}}function bytesOf(text){let raw=atob(text),bytes=new Uint8Array(raw.length);for(let k2=0;k2<raw.length;k2++)bytes[k2]=raw.charCodeAt(k2);return bytes}var floatsOf=text=>new Float32Array(
bytesOf(text).buffer);function decoded2({shape:[,columns],scale:scale2,int8}){let[scales,whole]=[floatsOf(scale2),new Int8Array(bytesOf(int8).buffer)];return Float32Array.
from(whole,(q,k2)=>scales[Math.floor(k2/columns)]*q)}function pageModel({hidden:H2,embedding:E2,characters,matrices,biases}){let[vectors,W]=[decoded2(matrices["\
embedding.weight"]),decoded2(matrices["recurrent.weight_ih_l0"])],[b2,more]=["ih","hh"].map(name=>floatsOf(biases[`recurrent.bias_${name}_l0`])),marks=[...characters],
[V2,R2]=[marks.length,4*H2],table=new Float32Array(V2*R2);for(let v2=0;v2<V2;v2++)for(let r2=0;r2<R2;r2++){let sum=b2[r2]+more[r2];for(let k2=0;k2<E2;k2++)sum+=
W[r2*E2+k2]*vectors[v2*E2+k2];table[v2*R2+r2]=sum}return{H:H2,V:V2,marks,tokenOf:new Map(marks.map((mark,k2)=>[mark,k2])),table,U:decoded2(matrices["recurrent.w\
eight_hh_l0"]),readOut:decoded2(matrices["read_out.weight"]),d:floatsOf(biases["read_out.bias"]),a:new Float32Array(R2),shares:new Float64Array(V2)}}function pageRun({
H:H2,V:V2},rows){let run={rows,scores:new Float32Array(rows*V2)};for(let name of["i","f","c","o","C","h"])run[name]=new Float32Array(rows*H2);return run}function obey(run,name,hold,from,H2){
hold===null||hold.what!==name||(hold.unit?run[name][from+hold.unit-1]=hold.value:run[name].fill(hold.value,from,from+H2))}function product(W,w2,h2,at2,n2){let sum=0;
for(let k2=0;k2<n2;k2++)sum+=W[w2+k2]*h2[at2+k2];return sum}function pageStep(model,run,t2,token,hold=null){let{H:H2,V:V2,table,U,readOut,d:d2,a:a2}=model,{i:i3,
f:f2,c:c2,o:o2,C:C2,h:h2,scores}=run,[R2,now]=[4*H2,t2%run.rows*H2],before=(t2+run.rows-1)%run.rows*H2;for(let r2=0;r2<R2;r2++)a2[r2]=table[token*R2+r2]+(t2>0?product(
U,r2*H2,h2,before,H2):0);for(let j=0;j<H2;j++)i3[now+j]=sigmoid(a2[j]),f2[now+j]=sigmoid(a2[H2+j]),c2[now+j]=Math.tanh(a2[2*H2+j]),o2[now+j]=sigmoid(a2[3*H2+j]);
obey(run,"i",hold,now,H2),obey(run,"f",hold,now,H2),obey(run,"o",hold,now,H2);for(let j=0;j<H2;j++){let kept=t2>0?f2[now+j]*C2[before+j]:0;C2[now+j]=kept+i3[now+
j]*c2[now+j],h2[now+j]=o2[now+j]*Math.tanh(C2[now+j])}obey(run,"h",hold,now,H2);let first=t2%run.rows*V2;for(let v2=0;v2<V2;v2++)scores[first+v2]=d2[v2]+product(
readOut,v2*H2,h2,now,H2)}function pageShares({V:V2,shares},run,t2,temperature=1){let[first,scores]=[t2%run.rows*V2,run.scores],best=0;for(let v2=1;v2<V2;v2++)scores[first+
v2]>scores[first+best]&&(best=v2);let sum=0;for(let v2=0;v2<V2;v2++){let below=scores[first+v2]-scores[first+best];shares[v2]=temperature===0?+(v2===best):Math.
exp(below/temperature),sum+=shares[v2]}for(let v2=0;v2<V2;v2++)shares[v2]/=sum;return shares}function drawToken(shares,number){let sum=0,last=0;for(let v2=0;v2<
shares.length;v2++)if(shares[v2]>0&&(last=v2),sum+=shares[v2],sum>number)return v2;return last}function pageWriter(model,run,tokens,temperature,seed,hold=null){
let[next,all]=[uniform(seed),[...tokens]],done2=0;return count=>{for(;done2<tokens.length+count;done2++)done2===all.length&&all.push(drawToken(pageShares(model,
run,done2-1,temperature),next())),pageStep(model,run,done2,all[done2],hold);return all.slice(0,tokens.length+count)}}function pageBits(model,tokens,hold=null){let run=pageRun(
model,2),bits=0;for(let t2=0;t2<tokens.length-1;t2++)pageStep(model,run,t2,tokens[t2],hold),bits-=Math.log2(pageShares(model,run,t2)[tokens[t2+1]]);return bits/
(tokens.length-1)}var MOST=6,ROW=1,ROOM={text:16,unit:[30,70],map:86},PACE=70,still=()=>matchMedia("(prefers-reduced-motion: reduce)").matches;function start(model){let most=model.
get("_knobs").find(({name})=>name==="step").high,own={ready:null,failed:!1,left:0,maps:[remember(drawnUnits),remember(drawnUnits)],arrived(data){if(own.failed=data===
null,!data)return;let ready=pageModel(data),tokens=text=>[...text].map(mark=>ready.tokenOf.get(mark)),[run,passage]=[pageRun(ready,most),tokens(data.passage)],hold=(what,unit,value)=>what===
"nothing"?null:{what,unit,value};own.ready={...ready,run},own.writer=remember((prompt,temperature,seed,...held2)=>pageWriter(ready,run,tokens(prompt||`
`),temperature,seed,hold(...held2))),own.bits=remember((...held2)=>pageBits(ready,passage,hold(...held2))),own.free=pageBits(ready,passage)},leave(){clearInterval(
own.timer),own.timer=void 0},reset(){own.leave(),own.left=0}};return own}function see(state,{own,get}){let{prompt,written:written2,temperature,draw,what,whose,value}=state,
holds=what!=="nothing";if(!own.ready)return{text:get("_written"),holds};let hold=holds?[what,whose==="unit n"?state.unit:0,value]:["nothing",0,0],writer=own.writer(
prompt,temperature,draw,...hold),tokens=writer(written2),marks=tokens.map(token=>own.ready.marks[token]),t2=Math.min(state.step,marks.length)-1,row=own.ready.run[state.
show],followed=marks.map((_2,s2)=>row[s2*own.ready.H+state.unit-1]),signed=state.show==="C"||state.show==="h",reach=signed?Math.max(1,...followed.map(Math.abs)):
1,bits=holds?own.bits(...hold):own.free;return{writer,tokens,marks,t:t2,holds,bits,free:own.free,followed,signed,reach,text:marks.join("")}}var named=mark=>({" ":"\
space","\n":"line end"})[mark]??mark,seen=mark=>({" ":"·","\n":"↵"})[mark]??mark,held=({what,whose,unit,value})=>`${what} of ${whose==="unit n"?`unit ${unit}`:
whose} held at ${decimal(value)}`;function paper(view){let{marks,followed,reach,t:t2}=view.now,{prompt,show,unit}=view.state,choose=({target})=>target.dataset.k&&
view.change({step:Number(target.dataset.k)}),shade=k2=>`--s:${Math.round(42*Math.abs(followed[k2])/reach)}%`,sort=k2=>`${k2<prompt.length?"read ":""}${followed[k2]<
0?"below ":""}${k2===t2?"now":""}`,shown=marks?.map((mark,k2)=>b`<span class=${sort(k2)} style=${shade(k2)} data-k=${k2+1}>${mark}</span>`);return b`<div class="paper q-${show}" role="group" aria-label="The text, shaded by unit ${unit}" tabindex="0"
    @click=${choose}><div>${shown??view.now.text}</div></div>`}function drawnUnits(run,H2,name,left,wide,sign,T2){let canvas=document.createElement("canvas");[canvas.
width,canvas.height]=[wide,H2];let pen2=canvas.getContext("2d"),image=pen2.createImageData(wide,H2);image.data.fill(255);for(let j=0;j<H2;j++){let most=name==="\
C"?1e-9:1;if(name==="C")for(let s2=0;s2<T2;s2++)most=Math.max(most,Math.abs(run.C[s2*H2+j]));for(let s2=0;s2<wide;s2++){let strength=sign*run[name][(left+s2)*H2+
j]/most;image.data[4*(j*wide+s2)+3]=255*clamp(strength,0,1)**1.5}}return pen2.putImageData(image,0,0),canvas.toDataURL()}function units(view){let{own,state,width}=view,
{writer,marks,t:t2,followed,signed,reach}=view.now,{H:H2,run}=own.ready,high=H2*ROW,axis=ROOM.map+high+16,label=`Unit ${state.unit} and all ${H2} units, charact\
er by character`,c2=picture(view,{width,height:axis+44,label}),[first,last]=["unit 1",`unit ${H2}`],[left,right]=[c2.measure(last,"tick")+24,width-16],pitch=c2.
measure("m","tick")+3,columns=Math.max(Math.floor((right-left)/pitch),4);own.left=clamp(own.left,Math.max(0,t2-columns+1),Math.min(t2,Math.max(0,marks.length-columns)));
let from=own.left,wide=Math.min(columns,marks.length-from),across=s2=>left+pitch*(s2-from+.5),place=([x2,y3])=>({step:clamp(Math.floor((x2-left)/pitch),0,wide-1)+
from+1,unit:clamp(Math.ceil((y3-ROOM.map)/ROW),1,H2)}),each=Array.from({length:wide},(_2,k2)=>from+k2),[low,top]=[ROOM.unit[1],ROOM.unit[0]],up=scale(signed?-reach:
0,reach,low,top),bar=s2=>column(across(s2),.4*pitch,up(0),up(followed[s2]),"solid-bar",state.show),wash=sign=>{let href=own.maps[sign>0?0:1](run,H2,state.show,from,
wide,sign,marks.length,writer),id=view.id(sign>0?"above":"below"),box=[left,ROOM.map,wide*pitch,high];return w`<mask id=${id}><image href=${href} x=${box[0]} y=${box[1]} width=${box[2]} height=${box[3]}
      preserveAspectRatio="none"></image></mask><rect class="wash ${sign<0?"tint-ink":`q-${state.show}`}"
      mask="url(#${id})" x=${box[0]} y=${box[1]} width=${box[2]} height=${box[3]}></rect>`},note=state.show==="C"?"all units, each against its own largest":"all\
 units",end=2,entry=(word,tint)=>{let at2=end;return end+=c2.measure(word,"tick")+(tint?30:0),w`${tint?w`<rect class="wash ${tint}" x=${at2} y=${axis+29} width="12" height="10"></rect>`:
A}
      ${c2.text(word,[at2+(tint?17:0),axis+38],{sort:"tick"})}`},words2=[signed?"above 0":"near 1","below 0","pale: near 0"],y2=ROOM.map+(state.unit-.5)*ROW,pick=event=>view.
change(place(placeIn(event.currentTarget.ownerSVGElement,event)));return c2.draw(w`<rect class="flat" x=${left} y=${ROOM.map} width=${wide*pitch} height=${high}></rect>`,
w`<rect class="column" x=${across(t2)-pitch/2} width=${pitch} y="2" height=${axis-2}></rect>`,each.map(bar),w`<g class="ticks"><line x1=${left} x2=${left+wide*pitch} y1=${up(
0)} y2=${up(0)}></line></g>`,wash(1),signed?wash(-1):A,c2.path(`M${left} ${y2.toFixed(1)}h${(wide*pitch).toFixed(1)}`,"followed",{term:"unit"}),w`<rect class="ground pick" x=${left} y=${ROOM.
map} width=${wide*pitch} height=${high} @click=${pick}></rect>`,c2.handle({name:"Unit that is followed",at:[left-10,y2],along:"y",drag:at2=>view.change({unit:place(
at2).unit}),keys:by=>view.change({unit:view.state.unit-by}),now:state.unit,low:1,high:H2,says:`unit ${state.unit}`,hue:state.show,term:"unit"}),c2.handle({name:"\
Character that is looked at",at:[across(t2),axis],drag:at2=>view.change({step:place(at2).step}),keys:by=>view.change({step:view.now.t+1+by}),now:t2+1,low:1,high:marks.
length,says:`character ${t2+1}, ${named(marks[t2])}`,term:"step"}),each.map(s2=>c2.text(seen(marks[s2]),[across(s2),ROOM.text,"middle"],{sort:"tick"})),c2.text(
`${state.show}_{${state.unit}}`,[0,(low+top)/2+4],{sort:"value",hue:state.show}),c2.label(note,[[left,ROOM.map-5]],{sort:"tick",optional:!0}),c2.label(first,[[2,
ROOM.map+10]],{sort:"tick",optional:!0}),c2.label(last,[[2,ROOM.map+high]],{sort:"tick",optional:!0}),w`<g class="key">${entry(words2[0],`q-${state.show}`)}${signed?
entry(words2[1],"tint-ink"):A}
      ${entry(words2[2])}</g>`)}function chances(view,width){let{marks,t:t2,tokens}=view.now,{ready}=view.own,temperature=view.state.temperature,shares=pageShares(
ready,ready.run,t2,temperature),order=Array.from(shares.keys(),v2=>[shares[v2],v2]).sort(([p2],[q])=>q-p2),hue=v2=>v2===tokens[t2+1]?"x":void 0,rows=order.slice(
0,MOST).map(([value,v2])=>({name:named(ready.marks[v2]),value,hue:hue(v2)})),past=marks.slice(Math.max(0,t2-7),t2+1).map(seen).join(""),title=[`chances of what \
comes after “${past}”`,`after “${past}”`,"next character"],label=rows.map(({name,value})=>`${name} ${decimal(value)}`).join(", ");return bars({font:view.
font,width},{title,label:`Chances: ${label}`,rows,most:1})}function costs(view,width){let{bits,free,holds}=view.now,{what,value,whose,unit}=view.state,name=`${what}\
 at ${decimal(value)}${whose==="unit n"?`, unit ${unit}`:""}`,guess=Math.log2(view.own.ready.V),rows=[{name:"nothing held",value:free,hue:holds?void 0:"C"},...holds?
[{name,value:bits,hue:what}]:[],{name:"blind guess",value:guess}],title=["bits per character of a passage it never saw","bits per character, unseen text"],label=`${title[0]}\
: ${decimal(bits)}`;return bars({font:view.font,width},{title,label,rows,most:Math.max(guess,bits)})}function cost({now:{bits,free,holds},state}){if(!holds)return`\
With nothing held the passage costs ${decimal(free,3)} bits per character.`;let[more,word]=[bits-free,bits<free?"less":"more"];return`With ${held(state)} it cos\
ts ${decimal(bits,3)} bits per character, ${decimal(Math.abs(more),3)} ${word}.`}function stage(view){let{own,width}=view;if(!own.ready){let words2=own.failed?"\
The model could not be loaded.":"The model comes when you do.";return b`${hand(view)}${paper(view)}<div class="waiting">${knobs(view)}<p class="sentence">${words2}</p></div>`}
let beside=width>=520,each=beside?Math.floor((width-20)/2):width;return b`${hand(view)}${paper(view)}${knobs(view)}<p class="sentence">${cost(view)}</p>
    <div class="charts ${beside?"wide":""}">${costs(view,each)}${chances(view,each)}</div>${units(view)}`}function hand(view){let{own}=view,[most,last]=[view.knob(
"written").high,view.knob("step").high],one=()=>view.change({written:view.state.written+1,step:last}),stop=()=>{own.leave(),view.redraw()},go=()=>{own.timer=setInterval(
()=>view.state.written<most?one():stop(),PACE),view.redraw()},again=()=>view.change({written:0,step:last}),other=()=>view.change({draw:view.state.draw%view.knob(
"draw").high+1}),full=view.state.written>=most?b`<span>The page is full.</span>`:A,on=own.timer===void 0?["Write on",go]:["Stop",stop];return b`${textControl(view,
view.knob("prompt"))}<div class="actions">
    ${button("One character",one)}${still()?A:button(...on)}
    ${button("Back to the start",again)}${button("Draw anew",other)}${full}</div>`}function knobs(view){let number=name=>numberControl(view,view.knob(name)),choice=name=>choiceControl(
view,view.knob(name));return b`<div class="choices">${choice("show")}${choice("what")}${choice("whose")}</div>
    <div class="controls roomy">${number("unit")}${number("value")}${number("temperature")}</div>`}function done({now:{holds},state:{what,whose,value}}){return holds&&
what!=="h"&&whose==="every unit"&&value===1}var say=view=>view.own.ready?`The text: ${view.now.text.slice(-160)} ${cost(view)}`:`The text: ${view.now.text}`,model_in_page_default=explorable(
{start,see,stage,controls:()=>A,done,say,large:"_large_model"});export{model_in_page_default as default};
