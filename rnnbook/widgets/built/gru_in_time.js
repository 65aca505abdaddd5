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
node2.dataset.held="",follow(event,moved=>{let place=placeIn(picture2,moved);drag([place[0]+right,place[1]+down])},()=>delete node2.dataset.held)}}function looking(view,stepAt){
let at2=event=>stepAt(placeIn(event.currentTarget.ownerSVGElement,event)),look=step=>{step!==view.own.pointed&&(view.own.pointed=step,view.redraw())},choose=event=>at2(
event)&&view.change({step:at2(event)});return{choose,drag:event=>event.button===0&&follow(event,choose),look:event=>event.pointerType==="mouse"&&!event.buttons&&
look(at2(event)),leave:()=>look(null)}}function stroked(row,[from,first],[to,last]){let next=[...row];for(let k2=Math.min(from,to);k2<=Math.max(from,to);k2++){let share=from===
to?last:first+(last-first)*(k2-from)/(to-from);next[k2]=Math.min(Math.max(share,0),1)}return next}function painting(view,name,place,lift){return{paint:event=>{if(event.
button>0)return;event.preventDefault();let node2=event.currentTarget;node2.focus({preventScroll:!0});let last=null,move=moved=>{let next=place(placeIn(node2.ownerSVGElement,
moved));view.change({[name]:stroked(view.state[name],last??next,next),step:next[0]+1}),last=next};move(event),follow(event,move)},press:event=>{let steps2=stepsOf(
event);if(steps2===null)return;let row=[...view.state[name]],at2=Math.min(Math.max(view.state.step,1),row.length);if(/Left|Right|Home|End/.test(event.key))return view.
change({step:Math.min(Math.max(at2+steps2,1),row.length)});let up=Math.abs(steps2)===10?steps2/2:steps2;row[at2-1]=Math.min(Math.max(Math.round(1e3*(row[at2-1]+
lift*up))/1e3,0),1),view.change({[name]:row})}}}function pulling(read,change,perPixel){return event=>{if(event.button>0)return;event.preventDefault();let[from,first]=[
event.clientX,read()];follow(event,moved=>change(first+(moved.clientX-from)*perPixel))}}function patient(slider2,apply){let held=null,listen=(names,act)=>names.
forEach(name=>slider2.addEventListener(name,act));listen(["pointerdown"],event=>{held=event.pointerType==="touch"?{x:event.clientX,y:event.clientY,wanted:null}:
null}),listen(["pointermove"],event=>{if(!held)return;let[dx,dy]=[Math.abs(event.clientX-held.x),Math.abs(event.clientY-held.y)];dx>5&&dx>dy&&(held=null)}),listen(
["pointerup"],()=>{let wanted=held?.wanted;held=null,wanted!=null&&apply(wanted)}),listen(["pointercancel"],()=>{held=null,slider2.restore?.()}),listen(["input"],
()=>{held?held.wanted=Number(slider2.value):apply(Number(slider2.value)),held&&slider2.restore?.()})}var clamp=(value,low,high)=>Math.min(Math.max(value,low),high);function scale(d0,d1,r0,r1){let map=value=>r0+(value-d0)/(d1-d0)*(r1-r0);return map.invert=place=>d0+
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
widths.set(key,width)}let spaces=word?source.split(" ").length-1:0;return width+letter*source.length+word*spaces}function hueClass(hue){return["x","h","f","i","c","C","o","z","r","n"].includes(hue)?`q-${hue}`:`tint-${hue}`}function pull(view,name){let{step}=view.knob(name),
grain=step/5;return pulling(()=>view.state[name],value=>view.change({[name]:Math.round(value/grain)*grain}),.4*step)}function term({name,hue="ink",value,text=name,
term:partner=name,pulls=!1}){return{name,hue,value,text,partner,pulls}}function equation(view,label,parts){let draw=part=>{if(Array.isArray(part))return b`<span class="half">${groups(part).map(draw)}</span>`;if(part.group)return b`<span class="kept">${part.
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
way];from=Math.max(from,Math.min(one,other)),to=Math.min(to,Math.max(one,other))}return to>from?(to-from)*Math.hypot(dx,dy):0}var at=value=>value.toFixed(1),classes=(...names)=>names.filter(Boolean).join(" ");function handle(spec){let{name,at:place,drag,keys,now,low,high,says,along:along2="x",hue="ink",term:term2,hollow}=spec,pressed=event=>{let steps2=stepsOf(event);
steps2!==null&&keys(steps2)},cursor={x:"ew-resize",y:"ns-resize",xy:"move"}[along2];return w`<g class=${classes("handle",hueClass(hue),hollow&&"beyond")} role="slider" tabindex="0"
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
    aria-label=${label} width=${width} height=${height} viewBox="0 0 ${width} ${height}">${layers}</svg>`}}/**
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
  </div>`}function wire(d2,{hue="ink",term:term2,carries,width}={}){let size=width??1.2+2.2*Math.min(Math.abs(carries),3),dashes=carries<-.005?"5 4":A;return w`<g class="wire ${hueClass(
hue)}" data-term=${term2??A}>
    <path class="glow" d=${d2} stroke-width=${(size+8).toFixed(2)}></path>
    <path d=${d2} stroke-width=${size.toFixed(2)} stroke-dasharray=${dashes}></path></g>`}function node(view,c2,[x2,y2],text,{hue="ink",term:term2,radius=14,pulls}={}){
return c2.free.box(x2-radius,x2+radius,y2-radius,y2+radius),w`<g class="node ${hueClass(hue)} ${pulls?"scrub":""}" data-term=${term2??A}
    transform="translate(${x2.toFixed(1)} ${y2.toFixed(1)})" @pointerdown=${pulls?pull(view,pulls):A}>
    <circle r=${radius}></circle><text class="math" y="5">${words(text)}</text></g>`}var legend=marks=>b`<p class="keys">${marks.map(([d2,sort,text])=>b`<span><svg class="chart" width="24" height="14" aria-hidden="true"><path class=${sort} d=${d2}></path></svg>${text}</span>`)}</p>`;function tip([ax,ay],[bx,by],size=7){let long=Math.hypot(bx-ax,by-ay)||1,[ux,uy]=[size*(bx-ax)/long,size*(by-ay)/long],end=side=>`${(bx-ux+.6*side*uy).toFixed(1)}\
 ${(by-uy-.6*side*ux).toFixed(1)}`;return`M${end(1)}L${bx.toFixed(1)} ${by.toFixed(1)}L${end(-1)}Z`}function flow(c2,corners,{hue,number,backwards=!1,quiet=!1,left=!1}){
let points=corners.flatMap((x3,k2)=>k2%2?[]:[[x3,corners[k2+1]]]),way=backwards?[...points].reverse():points,[[ax,ay],[bx,by]]=points,[x2,y2]=[(ax+bx)/2,(ay+by)/
2],place=ay===by?[x2,y2-10,"middle"]:left?[x2-9,y2+4,"end"]:[x2+9,y2+4],d2=points.map(([px,py])=>`${px.toFixed(1)} ${py.toFixed(1)}`).join("L");return w`${wire(
`M${d2}`,{hue,term:hue,carries:number??0})}${c2.path(tip(...way.slice(-2)),"tip",{hue})}${quiet||number===null?A:c2.text(decimal(number),place,{sort:"value",hue,
term:hue})}`}function column(x2,half,from,to,sort,hue){return w`<rect class="${sort} ${hueClass(hue)}" x=${(x2-half).toFixed(1)} width=${(2*half).toFixed(1)}
    y=${Math.min(from,to).toFixed(1)} height=${Math.abs(from-to).toFixed(1)}></rect>`}function block(c2,[x2,y2],lines,{hue="ink",term:term2,size:[wide,high]=[50,
40]}={}){c2.free.box(x2-wide/2,x2+wide/2,y2-high/2,y2+high/2);let first=lines.length>1?-3:5;return w`<g class="box ${hueClass(hue)}" data-term=${term2??A} transform="translate(${x2.
toFixed(1)} ${y2.toFixed(1)})">
    <rect x=${-wide/2} y=${-high/2} width=${wide} height=${high} rx="7"></rect>
    ${lines.map((line,k2)=>w`<text class=${k2||line.length>2?"value":"math"} y=${k2?14:first}>${words(line)}</text>`)}</g>`}function ownKey(model){let page=Symbol.for("rnnbook.keys");globalThis[page]??=new Map;let keys=globalThis[page],wanted=model.get("key"),key=wanted;for(let k2=2;keys.
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
low,high,steps:steps2}){if(!/^(?:[0-9a-z](?:\*\d{1,4}\.)?)*$/.test(text))return;let marks=text.replace(/(.)\*(\d+)\./g,(_2,mark,count)=>mark.repeat(Number(count)));
if(marks.length===steps2)return[...marks].map(mark=>low+(high-low)*Number.parseInt(mark,36)/35)}function written(text){let spelt=mark=>mark===" "?"_":`~${mark.codePointAt(
0).toString(36)}-`;return`.${[...text].map(mark=>/[A-Za-z0-9]/.test(mark)?mark:spelt(mark)).join("")}`}function unwritten(text,knob){if(!/^\.(?:[A-Za-z0-9_]|~[0-9a-z]{1,4}-)*$/.
test(text))return;let plain=(_2,code)=>String.fromCodePoint(Number.parseInt(code,36)),marks=[...text.slice(1).replaceAll("_"," ").replace(/~([0-9a-z]+)-/g,plain)];
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
wordSpacing)}}function guidance(kind,word,text,done2){let tick=done2!=null?b`<span class="met" aria-hidden="true"> ✓</span>`:A;return b`<p class="guidance ${kind} ${done2?
"done":""}"><strong>${word}: </strong>${inline(text)}${tick}</p>`}var ROOM={read:[24,66],mark:84,main:[116,196],gate:218},tenths=(row,{zero,levels})=>row.map(share=>clamp(Math.round(levels*share)-zero,-zero,zero)/10);function timeline(view,{
label,width,t:t2,T:T2,row,marks,main:shown,gates}){let{state}=view,rows=gates.map((gate,k2)=>[...gate,ROOM.gate+20*k2]),axis=ROOM.gate+20*gates.length+6,c2=picture(
view,{width,height:axis+24,label}),[left,right]=[c2.measure("flip")+14,width-6],across=scale(-.5,T2-.5,left,right),half=(across(1)-across(0))/2,each=row.values.
map((_2,at2)=>at2),parts=each.map(shown.parts),dots=each.map(at2=>parts[at2].length>1?[]:shown.dots(at2)),heights=[...parts.flat(),...dots.flat().map(([value])=>value)],
reach=Math.max(.5,...heights.map(Math.abs)),most=row.zero/10,read=scale(-most,most,ROOM.read[1],ROOM.read[0]),main=scale(-reach,reach,ROOM.main[1],ROOM.main[0]),
stepAt=x2=>clamp(Math.round(across.invert(x2)),0,T2-1)+1,level=y2=>clamp(Math.round(10*read.invert(y2))+row.zero,0,2*row.zero)/row.levels,place=([x2,y2])=>[stepAt(
x2)-1,level(y2)],{paint,press}=painting(view,row.name,place,1/row.levels),toggle=event=>{let step=stepAt(placeIn(event.currentTarget.ownerSVGElement,event)[0]);
view.change({...marks.next(step),step})},bar=(at2,from,to,sort,hue)=>column(across(at2),.62*half,from,to,sort,hue),dot2=(at2,y2,hue)=>c2.path(`M${across(at2).toFixed(
1)} ${y2.toFixed(1)}h.01`,"dots",{hue}),middle=at2=>{let[first,more,all]=parts[at2],bars2=bar(at2,main(0),main(first),"solid-bar",shown.hue);if(more===void 0)return[
bars2,dots[at2].map(([value,hue])=>dot2(at2,main(value),hue))];let base=first*more>0?first:0,sum=`M${(across(at2)-.85*half).toFixed(1)} ${main(all).toFixed(1)}h${(1.7*
half).toFixed(1)}`;return[bars2,bar(at2,main(base),main(base+more),"open-bar",shown.detour),c2.path(sum,"sum")]},ground=looking(view,([x2])=>x2>=left&&x2<=right?
stepAt(x2):null),line=y2=>w`<line x1=${left} x2=${right} y1=${y2} y2=${y2}></line>`,name=(text,y2,hue)=>c2.text(text,[left-8,y2+4,"end"],{sort:"value",hue}),under=(text,x2)=>c2.
text(text,[x2,axis+22,"middle"],{sort:"tick"}),now=row.values[state.step-1],titles=shown.titles(decimal(reach)),title=titles.find(one=>c2.measure(one,"axis")<right-
left)??titles.at(-1);return c2.draw(w`<rect class="column" x=${(across(t2)-half).toFixed(1)} width=${(2*half).toFixed(1)} y=${ROOM.read[0]} height=${axis-ROOM.read[0]}></rect>
      <g class="ticks">${[read(0),main(0),...rows.map(([,,,y2])=>y2)].map(line)}</g>`,each.map(at2=>[bar(at2,read(0),read(row.values[at2]),"solid-bar","x"),marks.
draw(c2,across(at2),ROOM.mark,at2)??dot2(at2,ROOM.mark,"x"),middle(at2)]),rows.map(([g2,hue,shares,y2])=>[each.map(at2=>bar(at2,y2,y2-16*shares[at2],"solid-bar",
hue)),name(g2,y2-7,hue)]),w`<g class="handle painted q-x" role="slider" tabindex="0" aria-orientation="vertical" data-term="x"
      aria-label=${row.hears} aria-valuemin=${-most} aria-valuemax=${most} aria-valuenow=${now}
      aria-valuetext=${`step ${state.step}: ${row.says} ${decimal(now,1)}`} @pointerdown=${paint} @keydown=${press}>
      <rect class="reach" x=${left} y=${ROOM.read[0]-8} width=${right-left} height=${ROOM.read[1]-ROOM.read[0]+14}></rect>
      <circle class="dot" r="5" cx=${across(state.step-1).toFixed(1)} cy=${read(now).toFixed(1)}></circle></g>
      <rect class="ground pick" x=${left} y=${ROOM.mark-12} width=${right-left} height="24" @click=${toggle}></rect>
      <rect class="ground" x=${left} y=${ROOM.main[0]} width=${right-left} height=${axis-14-ROOM.main[0]}
        @pointermove=${ground.look} @pointerleave=${ground.leave} @click=${ground.choose}></rect>`,[name(row.symbol,read(0),"x"),name(marks.symbol,ROOM.mark,"x"),
name(shown.symbol,main(0),shown.hue)],c2.text(row.title,[left,ROOM.read[0]-9],{sort:"axis"}),c2.text(title,[left,ROOM.main[0]-7],{sort:"axis haloed"}),[under("1",
across(0)),under("step t",(left+right)/2),under(String(T2),across(T2-1))],c2.handle({name:"Step t, whose wires are shown",at:[across(t2),axis],drag:([x2])=>view.
change({step:stepAt(x2)}),keys:by=>view.change({step:view.state.step+by}),now:t2+1,low:1,high:T2,says:`step ${t2+1}`}))}var BAR="M5 2h10v11h-10z",keysOf=(backwards,hue,detour,forwards)=>legend(
backwards?[[BAR,`solid-bar q-${hue}`,"along the carry alone"],[BAR,`open-bar q-${detour}`,"by detours through gates"],["M2 8h20","sum","both together"]]:[[BAR,`\
solid-bar q-${hue}`,forwards[0]],["M10 8h.01",`dots q-${forwards[2]}`,forwards[1]],["M2 8h20","dashed","a wire with a negative number"]]);function splitInWords(symbol2,all,alone,T2,last){
let[whole,straight,rest]=[all,alone,all-alone].map(value=>decimal(value));return last?`hears from the answer alone: δ${symbol2} = ${whole}. From here it goes b\
ack.`:`is told δ${symbol2} = ${whole}: ${straight} came along the carry alone, from step ${T2}; ${rest} by detours through gates.`}var lossInWords=(y2,error,wanted)=>`\
Answer y = ${decimal(y2)}, wanted ${wanted}: loss L = ½·(${decimal(error)})² = ${decimal(error**2/2)}. A wire’s δ: all that its value does to L.`;function controlsInTime(view,{
act,next,choices}){let mark=b`<div class="actions beside">${button(act,()=>view.change(next(view.state.step)))}</div>`,chosen=choices.map(name=>choiceControl(view,
view.knob(name)));return b`<div class="controls">${numberControl(view,view.knob("step"))}${mark}</div><div class="choices">${chosen}</div>`}var wentBack=({direction,
step},first)=>direction==="backwards"&&first>0&&step<=first;function sigmoid(a2){if(a2>=0)return 1/(1+Math.exp(-a2));let power=Math.exp(a2);return power/(1+power)}function sigmoidSlope(a2){return sigmoid(a2)*sigmoid(-a2)}function tanhSlope(a2){let power=Math.exp(-2*Math.abs(a2));return 4*power/((1+power)*(1+power))}function dot(u2,v2){let sum=0;for(let k2=0;k2<u2.length;k2++)sum+=u2[k2]*v2[k2];return sum}var GRU_GATES=["z","r","n"];function gruForward(weights,inputs,after=!1){let h2=weights.z.b.map(()=>0),times=(rows,v2)=>rows.map(row=>dot(row,v2));return inputs.
map(x2=>{let step={x:x2,h0:h2,a:{}},from=(g2,past)=>times(weights[g2].x,x2).map((value,j)=>value+past[j]+weights[g2].b[j]);for(let g2 of["z","r"])step.a[g2]=from(
g2,times(weights[g2].h,h2)),step[g2]=step.a[g2].map(sigmoid);return step.open=after?times(weights.n.h,h2):h2,step.gated=step.open.map((value,j)=>step.r[j]*value),
step.heard=after?step.gated:times(weights.n.h,step.gated),step.a.n=from("n",step.heard),step.n=step.a.n.map(Math.tanh),step.h=h2=h2.map((before,j)=>step.z[j]*before+
(1-step.z[j])*step.n[j]),step})}function gruBackward(weights,steps2,end,after=!1){let found=[],[h2,alone]=[end,end];for(let{x:x2,a:at2,h0,z:z2,r:r2,n:n2,open}of[
...steps2].reverse()){let from=(rows,v2,k2)=>v2.reduce((sum,d2,j)=>sum+d2*rows[j][k2],0),to={z:h2.map((d2,j)=>d2*(h0[j]-n2[j])),n:h2.map((d2,j)=>d2*(1-z2[j]))},
a2={n:to.n.map((d2,j)=>d2*tanhSlope(at2.n[j]))},gated=after?a2.n:h2.map((_2,k2)=>from(weights.n.h,a2.n,k2));to.r=gated.map((d2,j)=>d2*open[j]);for(let g2 of["z",
"r"])a2[g2]=to[g2].map((d2,j)=>d2*sigmoidSlope(at2[g2][j]));let share=(g2,j,k2)=>g2==="n"?r2[after?j:k2]:1,back={};for(let g2 of GRU_GATES)back[g2]=weights[g2].
h.map((row,j)=>row.map((w2,k2)=>w2*a2[g2][j]*share(g2,j,k2)));let carry=h2.map((d2,j)=>d2*z2[j]),seen=x2.map((_2,k2)=>GRU_GATES.reduce((sum,g2)=>sum+from(weights[g2].
x,a2[g2],k2),0));found.unshift({...to,a:a2,back,h:h2,carry,alone,gated,open:gated.map((d2,j)=>d2*r2[j]),heard:a2.n,x:seen}),h2=carry.map((d2,k2)=>GRU_GATES.reduce(
(s2,g2)=>s2+back[g2].reduce((t2,row)=>t2+row[k2],0),d2)),alone=alone.map((d2,j)=>d2*z2[j])}return found}var ROW={name:"voices",zero:17,levels:35,symbol:"v",title:"voices v_{t}: draw them",hears:"Voices, one bar a step",says:"voice"},KINDS=["plain","an order","a tu\
rn"],RADIUS=13,BESIDE=620,kindOf=mark=>Math.min(Math.floor(2*mark+.5),2);function start(model){let weights=model.get("_weights");return{run:remember((voices,marks,wanted,reset)=>{
let v2=tenths(voices,ROW),inputs=v2.map((voice,t2)=>[voice,...[1,2].map(kind=>+(kindOf(marks[t2])===kind))]),after=reset==="after",steps2=gruForward(weights,inputs,
after),y2=steps2.at(-1).h.reduce((sum,h2,j)=>sum+weights.y.h[j]*h2,weights.y.b),error=y2-(wanted==="+1"?1:-1),end=weights.y.h.map(w2=>w2*error);return{v:v2,steps:steps2,
back:gruBackward(weights,steps2,end,after),y:y2,error,after,T:v2.length}}),pointed:null,U:weights.n.h}}function see({voices,marks,wanted,reset,unit,direction,step},{
own}){let found=own.run(voices,marks,wanted,reset),[t2,j]=[(own.pointed??step)-1,Number(unit)-1],[s2,d2]=[found.steps[t2],found.back[t2]],by=Object.fromEntries(
GRU_GATES.map(g2=>[g2,d2.back[g2].reduce((sum,row)=>sum+row[j],0)]));return{...found,t:t2,j,s:s2,d:d2,by,backwards:direction==="backwards"}}var marked=(view,step)=>({
marks:view.state.marks.map((mark,t2)=>t2===step-1?(kindOf(mark)+1)%3/2:mark)});function steps(view,width){let{v:v2,steps:steps2,back,t:t2,j,T:T2,backwards}=view.
now,title=backwards?`δh, what unit ${j+1} is told`:`hidden state h of unit ${j+1}`;return timeline(view,{label:"Ten steps: voices and marks, the chosen unit, i\
ts gates",width,t:t2,T:T2,row:{...ROW,values:v2},marks:{symbol:"mark",draw(c2,x2,y2,at2){return steps2[at2].x[1]?c2.path(`M${(x2-6).toFixed(1)} ${y2-6}h12v12h-1\
2z`,"reset"):steps2[at2].x[2]?c2.path(`M${x2.toFixed(1)} ${y2-8}l8 8l-8 8l-8 -8z`,"reset"):null},next:step=>marked(view,step)},main:{symbol:backwards?"δh":"h",
hue:"h",detour:"n",titles:reach=>[`${title}; the axis reaches to ±${reach}`,title],parts:at2=>backwards?[back[at2].alone[j],back[at2].h[j]-back[at2].alone[j],back[at2].
h[j]]:[steps2[at2].h[j]],dots:at2=>[[steps2[at2].n[j],"n"]]},gates:["z","r"].map(g2=>[g2,g2,steps2.map(step=>step[g2][j])])})}function diagram(view,width){let{t:t2,
j,s:s2,d:d2,by,after,backwards}=view.now,{U}=view.own,[n2,o2]=[t2+1,1-j],c2=picture(view,{width,height:334,label:told(view),kind:"wires cell",role:"img"}),[xz,xr,
x1,x2,xs]=[.2,.45,.57,.74,.87].map(part=>part*width),[yC,yM,yG,yB,yU,yX]=[44,104,166,250,296,326],[xA,xm,xu]=[.36*width,after?x2:x1,after?x1:x2],wire2=(hue,corners,forth,told2,more)=>flow(
c2,corners,{hue,backwards,number:backwards?told2:forth,...more}),word=(forth,told2,hue,place)=>c2.text(backwards?told2:forth,place,{sort:"value",hue,term:hue}),
said=(forth,told2,hue,place)=>word(decimal(forth),decimal(told2),hue,place),block2=(g2,x3,symbol2,role)=>block(c2,[x3,yG],[symbol2,backwards?decimal(s2[g2][j]):
role],{hue:g2,term:g2,size:[44,40]}),sign=(x3,y2,text,hue)=>node(view,c2,[x3,y2],text,{hue,term:hue,radius:RADIUS}),box=(x3,y2,text,size,hue="h")=>block(c2,[x3,
y2],[text],{hue,term:hue,size}),[h0,h2,z2,r2,m2,told_]=[s2.h0[j],s2.h[j],s2.z[j],s2.r[j],s2.n[j],d2.h[j]],[low,high,quiet]=[yG-20,yG+20,{quiet:!0}],[sent,others]=[
d2.back.z[o2][j]+d2.back.r[o2][j],d2.back.n[o2][j]],aside2=after?sent+others:sent,bus=by.z+by.r+by.n,[first,second]=after?[s2.open[j],s2.heard[j]]:[s2.gated[j],
s2.heard[j]],[toFirst,toSecond]=after?[d2.open[j],d2.gated[j]]:[d2.gated[j],d2.a.n[j]],over=U[j][o2]*(after?d2.open[j]:d2.a.n[j]);return c2.draw(wire2("h",[0,yC,
xz-RADIUS,yC],h0,d2.carry[j],quiet),wire2("h",[4,yC,4,yB,x1-(after?20:RADIUS),yB],h0,bus,quiet),wire2("h",[xz+RADIUS,yC,xs-RADIUS,yC],z2*h0,told_),wire2("h",[xs+
RADIUS,yC,width,yC],h2,told_,quiet),wire2("z",[xz,low,xz,yM],z2,d2.z[j]),wire2("z",[xz,yM,xz,yC+RADIUS],z2,told_*h0),wire2("z",[xz,yM,xr-17,yM],z2,-told_*m2,quiet),
wire2("z",[xr+17,yM,xs-RADIUS,yM],1-z2,told_*m2),wire2("n",[xs,low,xs,yM+RADIUS],m2,d2.n[j],{left:!0}),wire2("n",[xs,yM-RADIUS,xs,yC+RADIUS],(1-z2)*m2,told_,{left:!0}),
wire2("r",[xr+22,yG,xm,yG,xm,yB-RADIUS],r2,d2.r[j],quiet),said(r2,d2.r[j],"r",after?[xm-8,yG+24,"end"]:[xm+8,yG+24]),[[xz,"z"],[xr,"r"]].map(([x3,g2])=>wire2("h",
[x3,yB,x3,high],s2.a[g2][j],d2.back[g2][j][j],{left:!0})),wire2("h",[x1+(after?20:RADIUS),yB,x2-(after?RADIUS:20),yB],first,toFirst,quiet),wire2("h",[x2+(after?
RADIUS:20),yB,xs,yB,xs,high],second,toSecond,quiet),said(first,toFirst,"h",[(x1+x2)/2,yB-18,"middle"]),said(second,toSecond,"h",after?[(x2+xs)/2+3,yB-18,"middle"]:
[xs-9,yB-31,"end"]),wire2("h",[xA,yB,xA,yU-12],h0,aside2,backwards?{}:quiet),after?"":wire2("h",[x1,yB+RADIUS,x1,yU-12],s2.gated[j],U[o2][j]*d2.a.n[o2],backwards?
{}:quiet),wire2("h",[xu,yU-12,xu,yB+12],after?s2.h0[o2]:s2.gated[o2],over),[sign(xz,yC,"×","z"),sign(xs,yC,"+","h"),sign(xs,yM,"×","n"),sign(xm,yB,"×","r")],
[box(xr,yM,"1 −",[34,24],"z"),box(xu,yB,"W_{h}",[40,24])],[block2("z",xz,"z","σ"),block2("r",xr,"r","σ"),block2("n",xs,"h̃","tanh")],block(c2,[(xA+xu)/2,yU],
[`unit ${o2+1}`],{hue:"h",term:"h",size:[xu-xA+60,24]}),[xz,xr,xs].map(x3=>[flow(c2,[x3+14,high+20,x3+14,high],{hue:"x",backwards,number:null}),c2.text("x",[x3+
14,high+32,"middle"],{sort:"small",hue:"x",term:"x"})]),word(`h_{${t2}} = ${decimal(h0)}`,`z·δh_{${n2}} = ${decimal(d2.carry[j])}`,"h",[0,yC-21]),word(`h_{${n2}\
} = ${decimal(h2)}`,`δh_{${n2}} = ${decimal(told_)}`,"h",[width,yC-21,"end"]),backwards?c2.text("detours",[10,yB+17],{sort:"note small"}):"",backwards?c2.text(
decimal(bus),[10,yB+32],{sort:"value",hue:"h",term:"h"}):"",word(`x = (voice ${decimal(s2.x[0],1)}, order ${s2.x[1]}, turn ${s2.x[2]})`,`δx = (${d2.x.map(value=>decimal(
value)).join(", ")})`,"x",[width/2,yX,"middle"]))}function formula(view){let{j,s:s2,d:d2,by,backwards}=view.now,term2=(hue,text,value)=>term({name:hue,hue,text,
value:decimal(value)}),typeset=(typeset2,name,value)=>({typeset:typeset2,name,hue:name,value:decimal(value)});if(!backwards)return equation(view,"h_t = z_t h_t−\
1 + (1 − z_t) h̃_t",[term2("h","h_t",s2.h[j]),"=",term2("z","z_t",s2.z[j]),"·",term2("h","h_t−1",s2.h0[j]),"+",typeset("(1 − z)","z",1-s2.z[j]),"·",term2(
"n","h̃_t",s2.n[j])]);let all=d2.carry[j]+by.z+by.r+by.n;return equation(view,"δh_t−1 = z_t δh_t + by z + by r + by h̃",[term2("h","δh_t−1",all),"=",term2(
"z","z_t",s2.z[j]),"·",term2("h","δh_t",d2.h[j]),"+",typeset("by z","z",by.z),"+",typeset("by r","r",by.r),"+",typeset("by h̃","n",by.n)])}function told({now:{
t:t2,j,s:s2,d:d2,T:T2,after,backwards}}){let head=`Step ${t2+1}, ${s2.x[1]?"an order":s2.x[2]?"a turn":"to be ignored"}. Unit ${j+1}`;if(backwards)return`${head}\
 ${splitInWords("h",d2.h[j],d2.alone[j],T2,t2+1===T2)}`;let[h0,h2,z2,r2,n2]=["h0","h","z","r","n"].map(name=>decimal(s2[name][j])),heard=after?`hears r = ${r2} \
of what comes through W·h`:`lets r = ${r2} of it be heard`;return`${head} keeps z = ${z2} of ${h0} and ${heard}. Its candidate says ${n2}; it now holds ${h2}.`}
var verdict=({now:{y:y2,error},state:{wanted}})=>lossInWords(y2,error,wanted);function stage(view){let{width,now}=view,beside=width>=BESIDE,[one,two]=beside?[.52,
.48].map(part=>Math.floor(part*(width-16))):[width,width],keys=keysOf(now.backwards,"h","n",["held, h","candidate, h̃","n"]);return b`<div class="in-time ${beside?
"beside":""}"><div>${steps(view,one)}${keys}</div>${diagram(view,two)}</div>
    <p class="sentence told">${told(view)}<br>${verdict(view)}</p>`}function controls2(view){let{step,marks}=view.state;return controlsInTime(view,{act:`Make st\
ep ${step} ${KINDS[(kindOf(marks[step-1])+1)%3]}`,next:step2=>marked(view,step2),choices:["direction","reset","unit","wanted"]})}var done=({state})=>wentBack(state,
state.marks.findIndex(mark=>kindOf(mark)===2)),say=view=>`${told(view)} ${verdict(view)}`,gru_in_time_default=explorable({start,see,formula,stage,controls:controls2,
done,say});export{gru_in_time_default as default};
