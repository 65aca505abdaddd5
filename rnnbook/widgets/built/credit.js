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
renderBefore??null;e3._$litPart$=h2=new k(i3.insertBefore(c(),t3),t3,void 0,s2??{})}return h2._$AI(t2),h2};var KEYS={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1,PageUp:10,PageDown:-10,Home:-1/0,End:1/0};function patient(slider2,apply){let held=null,listen=(names,act)=>names.forEach(name=>slider2.addEventListener(name,act));listen(["pointerdown"],event=>{held=event.
pointerType==="touch"?{x:event.clientX,y:event.clientY,wanted:null}:null}),listen(["pointermove"],event=>{if(!held)return;let[dx,dy]=[Math.abs(event.clientX-held.
x),Math.abs(event.clientY-held.y)];dx>5&&dx>dy&&(held=null)}),listen(["pointerup"],()=>{let wanted=held?.wanted;held=null,wanted!=null&&apply(wanted)}),listen([
"pointercancel"],()=>{held=null,slider2.restore?.()}),listen(["input"],()=>{held?held.wanted=Number(slider2.value):apply(Number(slider2.value)),held&&slider2.restore?.()})}var clamp=(value,low,high)=>Math.min(Math.max(value,low),high);function scale(d0,d1,r0,r1){let map=value=>r0+(value-d0)/(d1-d0)*(r1-r0);return map.invert=place2=>d0+
(place2-r0)/(r1-r0)*(d1-d0),map}function roundTicks(high,count){let rough=high/count,power2=10**Math.floor(Math.log10(rough)),step=[1,2,5,10].map(m2=>m2*power2).
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
found?"":text+rest[0],rest=rest.slice(found?found[0].length:1)}return[...parts,text].filter(part=>part!=="")}function caption(label2){let words2=label2.split(" ");
return b`${words2.slice(0,-1).join(" ")} ${symbol(words2.at(-1))}`}var pieces=new Map;function split(source){if(pieces.has(source))return pieces.get(source);let shift=0,
found=source.split(/([_^]\{[^}]*\})/).filter(Boolean).map(part=>{let move=part.startsWith("_{")?4:part.startsWith("^{")?-6:0,dy=move-shift;return shift=move,{text:move?
part.slice(2,-1):part,dy,small:move!==0}});return pieces.size>2e3&&pieces.clear(),pieces.set(source,found),found}var pen,widths=new Map;function widthOf(source,{family,size,weight=400,letter=0,word=0}){let key=`${family}|${size}|${weight}|${source}`,width=widths.get(key);if(width===
void 0){pen??=document.createElement("canvas").getContext("2d"),width=0;for(let{text,small}of split(source))pen.font=`${weight} ${small?.74*size:size}px ${family}`,
width+=pen.measureText(text).width;widths.size>5e3&&widths.clear(),widths.set(key,width)}let spaces=word?source.split(" ").length-1:0;return width+letter*source.
length+word*spaces}function fitted(knob,value){if(knob.names)return knob.names.includes(value)?value:knob.names[0];if(knob.steps!==void 0)return Array.isArray(value)?value.map(one=>clamp(
one,knob.low,knob.high)):value;let inside=clamp(value,knob.low,knob.high);return knob.whole?Math.round(inside):inside}function agrees(state,values){return Object.
entries(values).every(([name,value])=>same(state[name],value))}function same(one,other){return Array.isArray(one)&&Array.isArray(other)?one.length===other.length&&
one.every((value,k2)=>same(value,other[k2])):typeof one=="number"?Math.abs(one-other)<1e-9:one===other}function openStore(model){let knobs=model.get("_knobs"),byName=Object.
fromEntries(knobs.map(knob=>[knob.name,knob])),read=()=>Object.fromEntries(knobs.map(({name})=>[name,fitted(byName[name],model.get(name))])),changed=()=>{},quiet=!1,
listen=()=>quiet||changed();for(let{name}of knobs)model.on(`change:${name}`,listen);return{knobs,byName,read,first:read(),whenChanged:call=>changed=call,change(part){
quiet=!0;for(let[name,value]of Object.entries(part))model.set(name,fitted(byName[name],value));quiet=!1,changed(),model.save_changes()},close:()=>knobs.forEach(
({name})=>model.off(`change:${name}`,listen))}}function ownKey(model){let page=Symbol.for("rnnbook.keys");globalThis[page]??=new Map;let keys=globalThis[page],wanted=model.get("key"),key=wanted;for(let k2=2;keys.
has(key)&&keys.get(key)!==model;k2++)key=`${wanted}-${k2}`;return keys.set(key,model),key}function decoded(text){try{return decodeURIComponent(text)}catch{return text}}
function readAddress(){return location.hash.slice(1).split("&").filter(part=>part.includes("=")).map(part=>{let at=part.indexOf("=");return[decoded(part.slice(0,
at)),decoded(part.slice(at+1))]})}function stateInAddress(key,store){let text=new Map(readAddress()).get(key);if(text===void 0)return null;let[state,refused]=[{},
[]];for(let pair of text.split(",").filter(Boolean)){let at=pair.indexOf(":"),[name,value]=at<0?[pair,""]:[pair.slice(0,at),pair.slice(at+1)],found=Object.hasOwn(
store.byName,name)?possible(store.byName[name],value):void 0;found===void 0?refused.push(pair.slice(0,40)):state[name]=found}return{state,refused}}function possible(knob,text){
if(knob.names)return knob.names.includes(text)?text:void 0;if(knob.steps!==void 0)return unpacked(text,knob);let value=text.trim()===""?Number.NaN:Number(text);
if(value>=knob.low&&value<=knob.high)return knob.whole&&!Number.isInteger(value)?void 0:value}function addressWith(key,store,whole=!1){let[state,first]=[store.read(),
store.first],text=Object.keys(state).filter(name=>whole||!same(state[name],first[name])).map(name=>`${name}:${spell(state[name],store.byName[name])}`).join(","),
others=readAddress().filter(([name])=>name!==key),parts=(text?[...others,[key,text]]:others).map(part=>part.join("=")),anchor=location.hash.includes("=")?"":location.
hash;return location.pathname+location.search+(parts.length?`#${parts.join("&")}`:anchor)}function spell(value,knob){return knob.steps!==void 0?packed(value,knob):
typeof value=="number"?Number(value.toPrecision(6)):value}function packed(values,{low,high}){return values.map(v2=>Math.round(35*(v2-low)/(high-low)).toString(36)).
join("").replace(/(.)\1{3,}/g,(run,mark)=>`${mark}*${run.length}.`)}function unpacked(text,{low,high,steps}){if(!/^(?:[0-9a-z](?:\*\d{1,4}\.)?)*$/.test(text))return;
let marks=text.replace(/(.)\*(\d+)\./g,(_2,mark,count)=>mark.repeat(Number(count)));if(marks.length===steps)return[...marks].map(mark=>low+(high-low)*Number.parseInt(
mark,36)/35)}/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var e2=t2=>(...e3)=>({_$litDirective$:t2,values:e3}),i2=class{constructor(t2){}get _$AU(){return this._$AM._$AU}_$AT(t2,e3,i3){this._$Ct=t2,this._$AM=e3,this._$Ci=
i3}_$AS(t2,e3){return this.update(t2,e3)}update(t2,e3){return this.render(...e3)}};function stopsByRatio(low,high,whole){let stops=[];for(let stop=low;stop<high;)stops.push(stop),stop=whole?Math.max(stop+1,Math.round(1.02*stop)):1.02*stop;return[
...stops,high]}function placeAmong(stops,value){let after=stops.findIndex(stop=>stop>=value);return after<=0?after<0?stops.length-1:0:after-(stops[after]-value)/
(stops[after]-stops[after-1])}var rounded=value=>String(Number(value.toFixed(3))),rails=new WeakMap;function rail(knob){if(!rails.has(knob)){let stops=knob.ratio?
stopsByRatio(knob.low,knob.high,knob.whole):null,[first,last]=stops?[0,stops.length-1]:[knob.low,knob.high];rails.set(knob,{first,last,pitch:stops?1:knob.step,inward:value=>stops?
placeAmong(stops,value):value,outward:place2=>clamp(stops?stops[place2]:place2,knob.low,knob.high)})}return rails.get(knob)}var SliderOf=class extends i2{update({
element},[value,apply]){return this.apply=apply,element.restore||patient(element,place2=>this.apply(place2)),element.restore=()=>element.value=value,element.restore(),
E}},slider=e2(SliderOf),Text=class extends i2{update({element},[text]){return!(element.getRootNode().activeElement===element)&&element.value!==text&&(element.value=
text),E}},fieldText=e2(Text);function numberControl(view,knob,{off=!1,...own}={}){let{name,label:label2}=knob,{first,last,pitch,inward,outward}=rail(knob),value=own.
value??view.state[name],present=()=>own.now?.()??view.state[name],place2=inward(value),shown=place2>first&&place2<last?clamp(place2,first+pitch,last-pitch):place2,
change=own.change??(wanted=>view.change({[name]:wanted})),part=(place2-first)/(last-first),zero=knob.low<0?-knob.low/(knob.high-knob.low):0,rail_=`--from:${Math.
min(zero,part).toFixed(4)};--to:${Math.max(zero,part).toFixed(4)}`,typed=({target})=>{let number=target.valueAsNumber;number>=knob.low&&number<=knob.high&&change(
number)},finished=({target})=>{let number=target.valueAsNumber;change(clamp(Number.isNaN(number)?present():number,knob.low,knob.high)),target.value=rounded(present())};
return b`<div class="control" data-term=${name} style=${off?"opacity:0.5":A}>
    <label><span class="name">${caption(label2)}</span><input type="range" min=${first} max=${last}
      step=${pitch} data-name=${name} style=${rail_} ?disabled=${off}
      aria-valuetext="${label2} ${decimal(value,knob.whole?0:2)}"
      ${slider(shown,at=>change(outward(at)))} /></label>
    <input type="number" min=${knob.low} max=${knob.high} step=${knob.step} inputmode="decimal"
      data-name=${name} aria-label="${label2}, as a number" ?disabled=${off}
      ${fieldText(rounded(value))} @input=${typed} @change=${finished} />
  </div>`}function choiceControl(view,{name,names,label:label2}){let typeset=label2.includes("_")||label2.split(" ").at(-1).length===1;return b`<fieldset class="choice-of" data-term=${name}>
    <legend class="unseen">${label2}</legend>
    <div class="switch">
      <span aria-hidden="true">${typeset?caption(label2):label2}</span>
      ${names.map(one=>b`<label><input type="radio" name=${view.id(name)} value=${one}
          .checked=${view.state[name]===one} @change=${()=>view.change({[name]:one})} />${one}</label>`)}
    </div>
  </fieldset>`}function controls(view,{off={},after={},more}={}){let shown=view.knobs.filter(knob=>knob.label&&knob.steps===void 0);return b`<div class="controls">
    ${shown.map(knob=>[knob.names?choiceControl(view,knob):numberControl(view,knob,{off:off[knob.name]}),after[knob.name]??A])}
    ${more?b`<div class="actions">${more}</div>`:A}
  </div>`}function button(text,act){return b`<button type="button" @click=${act}>${inline(text)}</button>`}function presetBar(view,own){let{presets,state}=view;
if(!presets.length)return A;let present=presets.findIndex(preset=>agrees(state,preset.set));present>=0&&(own.about=present);let about=own.about>=0?inline(presets[own.
about].about):A;return b`<div class="presets">
    <div class="chips" role="group" aria-label="Presets">
      ${presets.map((preset,k2)=>b`<button type="button" aria-pressed=${k2===present}
          @click=${()=>view.change(preset.set)}>${inline(preset.name)}</button>`)}
    </div>
    <p class="about ${present<0?"past":""}">${about}</p>
  </div>`}function ownKeys(root){root.addEventListener("keydown",event=>{!(event.ctrlKey||event.metaKey||event.altKey)&&!/^(Tab|Escape|F\d+)$/.test(event.key)&&event.stopPropagation()})}
function markKeys(root){let unmarked=":is(input, button, [tabindex]):not([data-lm-suppress-shortcuts])";for(let node of root.querySelectorAll(unmarked))node.dataset.
lmSuppressShortcuts="true"}function followInk(root){let said="[data-theme], [data-jp-theme-light], [theme], .vscode-dark, .vscode-light",look=()=>{if(root.parentElement?.
closest(said))return;let[r2,g2,b2]=getComputedStyle(root.parentElement??root).color.match(/[\d.]+/g).map(Number);root.dataset.scheme=.3*r2+.59*g2+.11*b2>140?"da\
rk":"light"},query=matchMedia("(prefers-color-scheme: dark)");return query.addEventListener("change",look),requestAnimationFrame(look),()=>query.removeEventListener(
"change",look)}function lightPartners(root){let lit=null,light=term=>{if(term!==lit){for(let node of root.querySelectorAll("[data-shine]"))delete node.dataset.shine;
if(term)for(let node of root.querySelectorAll(`[data-term="${CSS.escape(term)}"]`))node.dataset.shine="";lit=term}},of=event=>event.target.closest?.("[data-term\
]")?.dataset.term??null,focused=()=>root.querySelector("[data-term]:focus-within, [data-term]:focus")?.dataset.term??null;root.addEventListener("pointerover",event=>light(
of(event)??focused())),root.addEventListener("pointerleave",()=>light(focused())),root.addEventListener("focusin",event=>light(of(event))),root.addEventListener(
"focusout",()=>light(null))}async function copied(text){try{return await navigator.clipboard.writeText(text),!0}catch{return!1}}var NARROW=480,COUNT=Symbol.for("rnnbook.count");function explorable(spec){return{render:({model,el})=>mount(spec,model,el)}}function mount(spec,model,el){let plainPage=model.
widget_manager===void 0,store=openStore(model),key=ownKey(model);globalThis[COUNT]=(globalThis[COUNT]??0)+1;let number=globalThis[COUNT],root=document.createElement(
"div");root.className="rnn-explorable",root.setAttribute("role","group"),root.setAttribute("aria-label",model.get("title")),el.append(root);let frame={about:-1,
status:"",refused:"",shared:"Copy link",timer:0},[width,state,now]=[0,store.read(),null],view={own:spec.start?.(model)??{},knobs:store.knobs,presets:model.get("\
_presets")??[],first:store.first,knob:name=>store.byName[name],get:name=>model.get(name),id:name=>`rnn-${number}-${name}`,change:part=>store.change(spec.complete?.(
part,view)??part),redraw:()=>draw(),get state(){return state},get now(){return now},get width(){return width},get narrow(){return width<NARROW},get held(){return root.
querySelector("[data-held]")!==null}},draw=()=>{state=store.read(),view.font=fontOf(root),now=spec.see?spec.see(state,view):state;let done=spec.done?.(view),task=guidance(
"try","Try",model.get("try_this"),done),knobs=(spec.controls??controls)(view);D(b`<div class="head"><p class="title">${inline(model.get("title"))}</p><div class="tools">
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
spec.say(view),plainPage&&history.replaceState(history.state,"",addressWith(key,store)),draw()},400)},reset=()=>{frame.about=-1,frame.refused="",view.own.reset?.(),
store.change(store.first)},share=async()=>{history.replaceState(history.state,"",addressWith(key,store,!0)),frame.shared=await copied(location.href)?"Copied":"I\
t is in the address bar",draw(),setTimeout(()=>{frame.shared="Copy link",draw()},2e3)},obey=()=>{let found=stateInAddress(key,store);if(!found)return!1;let{refused}=found;
return frame.refused=refused.length?`The link asks for what cannot be here, and is not shown: ${refused.join(", ")}.`:"",store.change({...store.first,...found.state}),
!0},fit=()=>{let style=getComputedStyle(root),inner=root.clientWidth-Number.parseFloat(style.paddingLeft)-Number.parseFloat(style.paddingRight),wide=Math.max(Math.
floor(inner>0?inner:640),240);return wide===width?!1:(width=wide,!0)};fit(),store.whenChanged(()=>{draw(),settle()}),plainPage&&obey()?readAddress()[0][0]===key&&
requestAnimationFrame(()=>root.scrollIntoView({block:"start"})):draw(),lightPartners(root),ownKeys(root);let forgetInk=followInk(root),written=()=>JSON.stringify(
fontOf(root))!==JSON.stringify(view.font),observer=new ResizeObserver(()=>(fit()||written())&&draw());return observer.observe(root),document.fonts?.addEventListener(
"loadingdone",draw),plainPage&&addEventListener("hashchange",obey),()=>{observer.disconnect(),store.close(),forgetInk(),document.fonts?.removeEventListener("loa\
dingdone",draw),removeEventListener("hashchange",obey),clearTimeout(frame.timer)}}function fontOf(root){let{fontFamily:family,letterSpacing,wordSpacing}=getComputedStyle(
root),pixels=text=>Number.parseFloat(text)||0;return{family,letter:pixels(letterSpacing),word:pixels(wordSpacing)}}function guidance(kind,word,text,done){let tick=done!=
null?b`<span class="met" aria-hidden="true"> ✓</span>`:A;return b`<p class="guidance ${kind} ${done?"done":""}"><strong>${word}: </strong>${inline(text)}${tick}</p>`}var NARROW2=480;function framed(build2){return explorable({start:()=>({parts:null,width:0}),see:(values,view)=>{let{own}=view,ranges=Object.fromEntries(view.knobs.
map(({name,low,high})=>[name,[low,high]]));own.parts??=build2({read:()=>view.state,change:view.change,ranges},view),own.width!==view.width&&own.parts.layout(view.
width),own.width=view.width,own.parts.update(values)},formula:({own})=>own.parts.formula,stage:({own})=>b`${own.parts.pictures}`,say:({own,state})=>own.parts.summary(
state),controls:view=>view.own.parts.controls(view)})}function set(node,attributes){for(let[name,value]of Object.entries(attributes))value==null?node.removeAttribute(
name):node.getAttribute(name)!==String(value)&&node.setAttribute(name,value);return node}function html(tag,attributes={},...children){let node=set(document.createElement(
tag),attributes);return node.append(...children),node}function svg(tag,attributes={},...children){let node=set(document.createElementNS("http://www.w3.org/2000/\
svg",tag),attributes);return node.append(...children),node}function write(node,text){if(node.textContent===text)return;let[only,...others]=node.childNodes;only?.
nodeType===Node.TEXT_NODE&&!others.length?only.data=text:node.textContent=text}function symbol2(name){let[base,index]=name.split("_"),letter=index&&html("sub",{},
...index.split(/\b([a-z])\b/).map(c2=>/[a-z]/.test(c2)&&c2.length===1?html("i",{},c2):c2)),leaning=base.split(new RegExp("(\\p{L}+)","u")).filter(Boolean).map(part=>new RegExp(
"\\p{L}","u").test(part)?html("i",{},part):part);return html("span",{class:"symbol"},...leaning,...index?[letter]:[])}var MARKUP2=[[/^`([^`]+)`/,text=>html("cod\
e",{},text)],[/^\*\*([^*]+)\*\*/,text=>html("strong",{},...inline2(text))],[/^\*([^*\s][^*]*)\*/,text=>html("em",{},...inline2(text))],[/^([A-Za-z]_[A-Za-z0-9]+)/,
text=>symbol2(text)],[/^_\{([^}]+)\}/,text=>html("sub",{},text.replace("-","−"))],[/^\^\{([^}]+)\}/,text=>html("sup",{},text.replace("-","−"))],[/^\^([A-Za-z0-9])(?![A-Za-z0-9])/,
text=>html("sup",{},text)]];function inline2(source){let nodes=[],text="",rest=source;for(;rest;){let[found,make]=MARKUP2.map(([pattern,make2])=>[rest.match(pattern),
make2]).find(([m2])=>m2)??[];found&&nodes.push(text,make(found[1])),text=found?"":text+rest[0],rest=rest.slice(found?found[0].length:1)}return[...nodes,text].filter(
node=>node!=="")}function label(attributes,source){let node=svg("text",attributes),shift=0;for(let part of source.split(/([_^]\{[^}]*\})/)){let move=part.startsWith(
"_{")?4:part.startsWith("^{")?-6:0,text=move?part.slice(2,-1):part;text&&(node.append(svg("tspan",{dy:move-shift,class:move?"index":null},text)),shift=move)}return node}
function handle(picture2,name,{drag,nudge,cursor}){let dot2=svg("circle",{r:8,class:"dot"}),group=svg("g",{class:"handle",role:"slider","aria-orientation":cursor===
"ns-resize"?"vertical":"horizontal",tabindex:0,"aria-label":name,style:`cursor:${cursor}`},svg("circle",{r:22,class:"reach"}),svg("circle",{r:13,class:"halo"}),
dot2),held=null,place2=event=>{let box=picture2.getBoundingClientRect();return[event.clientX-box.left,event.clientY-box.top]};group.addEventListener("pointerdow\
n",event=>{if(event.button>0)return;event.preventDefault(),group.focus({preventScroll:!0}),group.setPointerCapture(event.pointerId);let[x2,y2]=place2(event);held=
[group.at[0]-x2,group.at[1]-y2],group.dataset.held=""}),group.addEventListener("pointermove",event=>{if(!held)return;let[x2,y2]=place2(event);drag(x2+held[0],y2+
held[1])});let release=()=>{held=null,delete group.dataset.held};return group.addEventListener("pointerup",release),group.addEventListener("pointercancel",release),
group.addEventListener("keydown",event=>{!(event.key in KEYS)||event.ctrlKey||event.metaKey||event.altKey||(event.preventDefault(),nudge(KEYS[event.key]))}),group.
at=[0,0],group}function moveHandle(group,x2,y2,{now,low,high,text}){group.at=[x2,y2],set(group,{transform:`translate(${x2.toFixed(2)} ${y2.toFixed(2)})`,"aria-v\
aluemin":low,"aria-valuemax":high,"aria-valuenow":now,"aria-valuetext":text})}function tanhSlope(a2){let power2=Math.exp(-2*Math.abs(a2));return 4*power2/((1+power2)*(1+power2))}var UNITS=16,[SYMBOLS,CHANNELS]=[4,5],LONGEST=200;function uniform(seed){let state=seed|0;return()=>{state=state+1831565813|0;let t2=Math.imul(state^state>>>15,
1|state);return t2=t2+Math.imul(t2^t2>>>7,61|t2)^t2,(((t2^t2>>>14)>>>0)+.5)/4294967296}}function orthonormal(rows){let done=[];for(let row of[...rows]){let v2=row;
for(let again=0;again<2;again++)for(let e3 of done){let along2=dot(v2,e3);v2=v2.map((value,k2)=>value-along2*e3[k2])}let size=Math.hypot(...v2);done.push(v2.map(
value=>value/size))}return done}function spectralNorm(matrix){let v2=matrix[0].map((_2,k2)=>1/(k2+2)),size=0;for(let k2=0;k2<2e3;k2++){let u2=matrix.map(row=>dot(
row,v2));v2=v2.map((_2,q)=>u2.reduce((sum,value,p2)=>sum+value*matrix[p2][q],0));let square=Math.hypot(...v2);if(v2=v2.map(value=>value/square),Math.abs(square-
size)<=1e-16*square)break;size=square}return Math.sqrt(size)}function dot(u2,v2){let sum=0;for(let k2=0;k2<u2.length;k2++)sum+=u2[k2]*v2[k2];return sum}function creditDraw(seed){
let next=uniform(seed),within=bound=>bound*(2*next()-1),normal=()=>Math.sqrt(-2*Math.log(next()))*Math.cos(2*Math.PI*next()),vector=(length,make)=>Array.from({length},
make),matrix=(rows,columns,make)=>vector(rows,()=>vector(columns,make)),[narrow,wide]=[()=>within(1/Math.sqrt(UNITS)),()=>within(1/Math.sqrt(CHANNELS))],drawn={
W_x:matrix(UNITS,CHANNELS,narrow),W_h:matrix(UNITS,UNITS,narrow),b:vector(UNITS,()=>narrow()+narrow()),Q:orthonormal(matrix(UNITS,UNITS,normal)),V:matrix(UNITS,
CHANNELS,wide),c:vector(UNITS,wide),U:matrix(SYMBOLS,UNITS,narrow),d:vector(SYMBOLS,narrow),symbol:Math.floor(SYMBOLS*next()),noise:vector(LONGEST,normal)};return{
...drawn,norm:spectralNorm(drawn.W_h)}}function creditOfSteps(drawn,start,s2,delay){let carousel=start==="carousel",[W_x,b2]=carousel?[drawn.V,drawn.c]:[drawn.W_x,
drawn.b],W=start==="orthogonal"?drawn.Q:drawn.W_h,gain=start==="orthogonal"?s2:s2/drawn.norm,slopes=[],h2=new Float64Array(UNITS);for(let k2=0;k2<=delay;k2++){let channel=k2?
CHANNELS-1:drawn.symbol,value=k2?drawn.noise[k2-1]:1,[next,slope]=[new Float64Array(UNITS),new Float64Array(UNITS)];for(let p2=0;p2<UNITS;p2++){let a2=W_x[p2][channel]*
value+b2[p2]+(carousel?0:gain*dot(W[p2],h2));slope[p2]=tanhSlope(a2),next[p2]=Math.tanh(a2)+(carousel?h2[p2]:0)}slopes.push(slope),h2=next}let logits=drawn.U.map(
(row,q)=>dot(row,h2)+drawn.d[q]),most=Math.max(...logits),powers=logits.map(logit=>Math.exp(logit-most)),total=powers.reduce((sum,power2)=>sum+power2,0),errors=powers.
map((power2,q)=>power2/total-(q===drawn.symbol?1:0)),delta=drawn.U[0].map((_2,p2)=>errors.reduce((sum,e3,q)=>sum+e3*drawn.U[q][p2],0)),log=0,[deltas,alphas,sizes]=[
[],[],[]];for(let k2=delay;k2>=0;k2--){let size=Math.sqrt(dot(delta,delta));log+=Math.log10(size);let alpha=delta.map((value,p2)=>slopes[k2][p2]*value/size);deltas[k2]=
log,alphas[k2]=log+Math.log10(dot(alpha,alpha))/2,sizes[k2]=k2?Math.abs(drawn.noise[k2-1]):1;let back=new Float64Array(UNITS);for(let p2=0;p2<UNITS;p2++)if(carousel)
back[p2]=delta[p2]/size;else for(let q=0;q<UNITS;q++)back[q]+=gain*W[p2][q]*alpha[p2];delta=back}let credits=alphas.map((value,k2)=>value+Math.log10(sizes[k2])),
bound=deltas[delay]+Math.log10(Math.max(...sizes));return{deltas,alphas,sizes,credits,bound}}var STARTS=["random","orthogonal","carousel"],[FIRST_SEED,DRAWS]=[12,5],[LOWEST,HIGHEST]=[-24,8],[FAINTEST,LOUDEST]=[-20,4],ROW={title:14,loss:48,state:104,input:160,
kind:176},BARS={title:211,top:238,base:430,ticks:456,axis:475,height:482},SLOTS=11,FLOW="stroke:none;fill:var(--accent)",BAR="color-mix(in srgb, var(--accent) 6\
2%, var(--surface))";function credit(){let draws=new Map,last={};return({delay,s:s2,start,draw,step})=>{let known=STARTS.includes(start)?start:"random";draws.has(
draw)||draws.set(draw,creditDraw(FIRST_SEED+draw));let given=[draw,known,s2,delay].join();if(last.given!==given){let drawn=draws.get(draw),carousel=known==="car\
ousel",slope=carousel?0:Math.log10(s2);last={...creditOfSteps(drawn,known,s2,delay),given,drawn,slope,carousel,start:known,T:delay+1}}return{...last,k:Math.min(
step,delay+1)}}}function naturalNorm(drawn){return Number(drawn.norm.toFixed(3))}function formula(){let[whole,alpha,size]=[0,1,2].map(()=>html("span",{class:"nu\
mber"})),term=(name,key,number,...parts)=>html("span",{class:`term ${key}`,"data-term":name},html("span",{},...parts),number),sign=text=>html("span",{class:"sig\
n"},text),index=()=>html("sub",{},html("i",{},"k")),prime=html("span",{style:"font-family: var(--rnn-serif, serif)"},"′");return{node:html("div",{class:"equat\
ion",role:"math","aria-label":"The size of dL/dW_x at step k is the size of tanh′(a_k) ⊙ δ_k times that of x_k"},term("credit","tint-ink",whole,"‖d",symbol2(
"L"),"/d",symbol2("W_x"),"|",index(),"‖"),sign("="),term("delta","tint-ink",alpha,"‖tanh",prime,"(",symbol2("a_k"),") ⊙ ",symbol2("δ_k"),"‖"),sign("·"),
term("x","q-x",size,"‖",symbol2("x_k"),"‖")),update:({credits,alphas,sizes,k:k2})=>{write(whole,power(credits[k2-1])),write(alpha,power(alphas[k2-1])),write(
size,short(sizes[k2-1]))}}}function shownSteps(T2,k2,places){if(T2<=places)return Array.from({length:T2},(_2,at)=>at+1);let shown=[],withGaps=steps=>[...new Set(
steps)].filter(step=>step>=1&&step<=T2).sort((one,other)=>one-other).flatMap((step,at,all)=>at&&step-all[at-1]>1?[0,step]:[step]),wanted=[1,T2,k2,k2+1,k2-1,2,T2-
1];for(let more=2;more<places;more++)wanted.push(k2+more,k2-more,1+more,T2-more);let taken=[];for(let step of wanted){let next=withGaps([...taken,step]);next.length>
places||(taken.push(step),shown=next)}return shown}function arrowHead(x2,y2,direction){return direction==="up"?`M${x2-4} ${y2+7}L${x2} ${y2}L${x2+4} ${y2+7}`:`M${x2-
7} ${y2-4}L${x2} ${y2}L${x2-7} ${y2+4}`}function flowWidth(log){return 1+15*clamp((log-FAINTEST)/(LOUDEST-FAINTEST),0,1)}function indexed(base,attributes){let index=svg(
"tspan",{dy:4,class:"index",style:"font-family:var(--mathematics);font-style:normal"}),node=svg("text",attributes,svg("tspan",{},base),index);return node.say=(letter,text)=>{
write(node.firstChild,letter),write(index,text)},node}function place(){let lossLine=svg("path",{style:"fill:none"}),lossHead=svg("path",{style:"fill:none"}),lossBox=svg(
"rect",{x:-17,y:ROW.loss-16,width:34,height:24,rx:4}),loss=indexed("L",{class:"math",y:ROW.loss+1,style:"font-size:15px"}),input=svg("path",{style:"stroke:var(-\
-q-x);fill:none;stroke-width:1.75"}),inputName=indexed("x",{class:"math q-x",y:ROW.input,"data-term":"x"}),kind=svg("text",{class:"note small",y:ROW.kind}),circle=svg(
"circle",{cy:ROW.state}),name=indexed("h",{class:"math",y:ROW.state+4}),box=svg("g",{class:"box"},lossBox);return{node:svg("g",{},lossLine,lossHead,box,loss,input,
inputName,kind,circle,name),update:(step,now,radius,narrow)=>{let[end,chosen]=[step===now.T,step===now.k],hueOf=now.carousel?"C":"h",stroke=end?"fill:none;strok\
e:var(--ink);stroke-width:1.75":"fill:none;stroke:var(--edge)",aside=end?"translate(-9 0)":null;set(lossLine,{d:`M0 ${ROW.state-radius}V${ROW.loss+10}`,style:stroke+
(end?"":";stroke-dasharray:2 3"),transform:aside}),set(lossHead,{d:arrowHead(0,ROW.loss+10,"up"),style:stroke,transform:aside}),set(box,{style:end?null:"display\
:none"}),set(loss,{style:`font-size:15px;fill:var(--${end?"ink":"muted"})`}),loss.say("L",String(step)),set(input,{d:`M0 ${ROW.input-15}V${ROW.state+radius+1}${arrowHead(
0,ROW.state+radius+1,"up")}`}),inputName.say("x",String(step)),write(kind,step===1?"symbol":"noise"),set(circle,{r:radius,style:`fill:var(--surface);stroke:var(\
--q-${hueOf});stroke-width:${chosen?4:2}`});let size=(narrow?14:16)-(step>99?2:0);set(name,{class:`math q-${hueOf}`,style:`font-size:${size}px`}),name.say(now.carousel?
"C":"h",String(step))}}}function wire(){let forward=svg("path",{style:"stroke:var(--ink);fill:none;stroke-width:1.75"}),dots=svg("text",{class:"note",y:ROW.state-
3,style:"font-size:17px"},"⋯"),back=svg("path",{style:FLOW,"data-term":"delta"}),factor=svg("text",{class:"note small haloed",y:ROW.state+37});return{node:svg(
"g",{},back,forward,dots,factor),update:(from,to,gap,logs,said)=>{let[x0,x1]=[from+2,to-2],y2=ROW.state-8,mid=(x0+x1)/2;set(forward,{d:`M${x0} ${y2}H${gap?mid-13:
x1}${gap?`M${mid+13} ${y2}H${x1}`:""}${arrowHead(x1,y2,"right")}`}),set(dots,{x:mid,style:`font-size:17px${gap?"":";display:none"}`});let low=ROW.state+10,[left,
right]=logs.map(log=>flowWidth(log)/2),head=Math.max(left+2.5,4);set(back,{d:`M${x0} ${low}L${x0+8} ${(low-head).toFixed(1)}V${(low-left).toFixed(1)}L${x1} ${(low-
right).toFixed(1)}V${(low+right).toFixed(1)}L${x0+8} ${(low+left).toFixed(1)}V${(low+head).toFixed(1)}Z`,style:`${FLOW};fill-opacity:${(.3+.55*left/8).toFixed(2)}`}),
write(factor,said),set(factor,{x:mid})}}}function legend(){let y2=ROW.title-5,marks=[svg("path",{d:`M0 ${y2}h22${arrowHead(22,y2,"right")}`,style:"stroke:var(--\
ink);fill:none;stroke-width:1.75"}),svg("path",{d:`M0 ${y2}l8 -7v4h14v6h-14v4Z`,style:FLOW,"fill-opacity":.7}),svg("path",{d:`M11 ${y2+7}v-14`,style:"stroke:var\
(--edge);stroke-dasharray:2 3"})],words2=marks.map(()=>svg("text",{class:"note start",y:ROW.title})),terse=["states","δ, log width","no loss"],full=["forward: \
the states","back: δ, as wide as log ‖δ‖","no loss: not asked yet"],layout=(left,brief)=>marks.forEach((mark,at)=>{let x2=left+(brief?[0,88,208]:[0,176,396])[at];
set(mark,{transform:`translate(${x2} 0)`}),set(words2[at],{x:x2+(at<2?29:19)}),write(words2[at],(brief?terse:full)[at])});return{node:svg("g",{},...marks,...words2),
layout}}function unrolled(picture2){let places=Array.from({length:SLOTS},place),wires=Array.from({length:SLOTS-1},wire),loss=svg("path",{style:FLOW,"data-term":"\
delta"}),keys=legend(),node=svg("g",{},keys.node,loss,...wires.map(w2=>w2.node),...places.map(p2=>p2.node));picture2.append(node);let across,narrow,count,radius,
layout=(first,last,width)=>{narrow=width<NARROW2,radius=narrow?14:17,count=clamp(Math.floor((last-first)/(narrow?42:62))+1,5,SLOTS),across=(at2,all)=>first+(last-
first)*at2/(all-1),keys.layout(narrow?0:first-17,width<620)},at=new Map;return{node,layout,update:now=>{let shown=shownSteps(now.T,now.k,count);at=new Map,shown.
forEach((step,slot)=>step&&at.set(step,across(slot,shown.length)));let steps=[...at.keys()];places.forEach(({node:node2,update:update2},slot)=>{let step=steps[slot];
set(node2,{style:step?null:"display:none",transform:step?`translate(${at.get(step).toFixed(1)} 0)`:null}),step&&update2(step,now,radius,narrow)}),wires.forEach(
({node:node2,update:update2},slot)=>{let[from,to]=[steps[slot],steps[slot+1]];if(set(node2,{style:to?null:"display:none"}),!to)return;let logs=[from,to].map(step=>now.
deltas[step-1]),factor=from===now.k&&to===from+1?`×${power(logs[0]-logs[1])}`:"";update2(at.get(from)+radius,at.get(to)-radius,to-from>1,logs,factor)});let half=flowWidth(
now.deltas[now.T-1])/2,x2=at.get(now.T)+6,y2=ROW.state-radius;return set(loss,{d:`M${x2} ${y2+1}l${-half-3} -8h3V${ROW.loss+9}h${2*half}V${y2-7}h3Z`,style:`${FLOW}\
;fill-opacity:${(.3+.55*half/8).toFixed(2)}`}),at},radius:()=>radius}}function bars2(picture2,state,look,measure){let grid=svg("g",{class:"ticks"}),ticks=svg("g",
{class:"ticks"}),lens=svg("path",{style:"stroke:none;fill:var(--sunk)"}),all=svg("path",{style:`stroke:${BAR};fill:none`,"data-term":"credit"}),chosen=svg("path",
{style:"stroke:var(--accent);fill:none","data-term":"credit"}),bound=svg("path",{style:"stroke:var(--ink);fill:none;stroke-width:2;stroke-dasharray:1 5;stroke-l\
inecap:round","data-term":"s"}),beyond=svg("path",{style:"stroke:none;fill:var(--accent)"}),words2={title:label({class:"axis start haloed"},"credit of step k: ‖\
dL/dW_{x}|_{k}‖, log scale"),axis:label({class:"axis"},"distance from the question, T − k"),bound:label({class:"note haloed","data-term":"s"},"bound ∝ s^{T−\
k}"),level:label({class:"note haloed"},"bound: 1 at every step"),value:svg("text",{class:"value",style:"fill:var(--accent)"}),first:svg("text",{class:"value",style:"\
fill:var(--accent)"})},area=svg("rect",{style:"fill:transparent;stroke:none;touch-action:pan-y",y:0}),mark=handle(picture2,"Step k",{cursor:"ew-resize",drag:x2=>choose(
x2),nudge:steps=>state.change({step:clamp(now.k+steps,1,now.T)})});mark.style.setProperty("--q","var(--accent)"),picture2.prepend(lens),picture2.append(grid,ticks,
all,chosen,beyond,bound,...Object.values(words2),area,mark);let up=scale(LOWEST,HIGHEST,BARS.base,BARS.top),now,first,last,width,across,drawn,nearest=x2=>clamp(
Math.round(across.invert(x2)),1,now.T),choose=x2=>state.change({step:nearest(x2)}),placeOf=event=>event.clientX-picture2.getBoundingClientRect().left,held=!1;area.
addEventListener("pointerdown",event=>{event.button>0||(held=!0,area.setPointerCapture(event.pointerId),choose(placeOf(event)))}),area.addEventListener("pointer\
move",event=>{held?choose(placeOf(event)):event.pointerType==="mouse"&&look(nearest(placeOf(event)))});let release=()=>held=!1;area.addEventListener("pointerup",
release),area.addEventListener("pointercancel",release),area.addEventListener("pointerleave",()=>look(null));let layout=(from,to,newWidth)=>{[first,last,width]=
[from,to,newWidth],drawn=null;let[left,right]=[first-12,last+12];grid.replaceChildren(...[-24,-16,-8,0,8].flatMap(log=>[svg("line",{x1:left,x2:right,y1:up(log),
y2:up(log)}),svg("text",{class:"tick end",x:left-5,y:up(log)+4},log?`10${raised(log)}`:"1")])),set(words2.title,{x:0,y:BARS.title}),set(words2.axis,{x:(first+last)/
2,y:BARS.axis}),set(area,{x:left,width:right-left,y:BARS.top-6,height:BARS.base-BARS.top+6})},axis=T2=>{drawn=T2,across=scale(1,T2,first,last);let distances=roundTicks(
T2-1,width<NARROW2?4:8);ticks.replaceChildren(...distances.map(d2=>svg("text",{class:"tick",x:across(T2-d2).toFixed(1),y:BARS.ticks},String(d2))))},update=(values,at,radius)=>{
now=values;let{T:T2,k:k2,credits}=now;drawn!==T2&&axis(T2);let gap=(last-first)/(T2-1),thick=clamp(gap*.72,1.2,26),column=step=>{let y2=up(clamp(credits[step-1],
LOWEST,HIGHEST)).toFixed(1);return`M${across(step).toFixed(1)} ${BARS.base}V${y2}`},steps=Array.from({length:T2},(_2,step)=>step+1);set(all,{d:steps.map(column).
join(""),"stroke-width":thick.toFixed(1)}),set(chosen,{d:column(1)+column(k2),"stroke-width":Math.max(thick,4).toFixed(1)});let arrows=steps.filter(n2=>credits[n2-
1]<LOWEST||credits[n2-1]>HIGHEST),every=Math.ceil(6/gap),wing=clamp(gap*every*.35,2,5);set(beyond,{d:arrows.filter(n2=>n2===1||n2%every===0).map(n2=>{let x3=across(
n2);return credits[n2-1]<LOWEST?`M${(x3-wing).toFixed(1)} ${BARS.base-9}h${(2*wing).toFixed(1)}L${x3.toFixed(1)} ${BARS.base-1}Z`:`M${(x3-wing).toFixed(1)} ${BARS.
top+1}h${(2*wing).toFixed(1)}L${x3.toFixed(1)} ${BARS.top-8}Z`}).join("")});let x2=across(k2),half=Math.max(thick/2,2)+1;set(lens,{d:`M${(at.get(k2)-radius).toFixed(
1)} ${ROW.kind+6}H${(at.get(k2)+radius).toFixed(1)}L${(x2+half).toFixed(1)} ${BARS.top}V${BARS.base}H${(x2-half).toFixed(1)}V${BARS.top}Z`});let taken=[nameBar(
words2.value,k2)],away=Math.abs(across(1)-x2)>90,clipped=credits[0]<LOWEST||credits[0]>HIGHEST;set(words2.first,{style:`fill:var(--accent)${clipped&&away?"":";d\
isplay:none"}`});let oldest=nameBar(words2.first,1);clipped&&away&&taken.push(oldest),drawBound(taken),moveHandle(mark,x2,BARS.base,{now:k2,low:1,high:T2,text:`\
step ${k2} of ${T2}, credit ${power(credits[k2-1])}`})},boundAt=step=>now.bound+now.slope*(now.T-step),nameBar=(word,k2)=>{write(word,power(now.credits[k2-1]));
let half=measure(word.textContent,600)/2,x2=clamp(across(k2),first-8+half,width-half),from=clamp(Math.ceil(across.invert(x2-half)),1,now.T),to=clamp(Math.floor(
across.invert(x2+half)),from,now.T),tallest=Math.max(now.credits[k2-1],...now.credits.slice(from-1,to)),y2=up(clamp(tallest,LOWEST+1.5,HIGHEST))-(tallest>HIGHEST?
12:7),limits=[from,to].map(step=>up(boundAt(step))),[high,low]=[Math.min(...limits),Math.max(...limits)];return low>y2-15&&high<y2+5&&high>BARS.top&&(y2=high-8),
set(word,{x:x2.toFixed(1),y:y2.toFixed(1)}),{x:x2,y:y2,half}},drawBound=taken=>{let{T:T2,slope,bound:height,carousel}=now,limit=slope>0?HIGHEST:LOWEST,leaves=slope?
T2-(limit-height)/slope:-1/0,end=Math.max(1,leaves);set(bound,{d:`M${last} ${up(height).toFixed(1)}L${across(end).toFixed(1)} ${up(boundAt(end)).toFixed(1)}`});
let word=words2[carousel?"level":"bound"];set(words2[carousel?"bound":"level"],{style:"display:none"});let half=measure(carousel?"bound: 1 at every step":"bound\
 ∝ s^{T−k}")/2+2,along2=share=>{let x3=clamp(across(T2+(end-T2)*share),first-8+half,width-half),sides=[x3-half,x3+half].map(side=>clamp(across.invert(side),
end,T2));return{x:x3,y:Math.min(...sides.map(step=>up(boundAt(step))))-10}},free=({x:x3,y:y3})=>taken.every(box=>Math.abs(x3-box.x)>half+box.half+4||Math.abs(y3-
box.y)>18),inside=[.5,.35,.65,.2,.8,0,.1,.9,1].map(along2).filter(({y:y3})=>y3>BARS.top+10),above=[0,60,120,-60,-120].map(more=>({x:clamp(across(end)+more-30,first+
half,width-half),y:BARS.top-9})),{x:x2,y:y2}=[...inside,...above].find(free)??above[0];set(word,{x:x2.toFixed(1),y:y2.toFixed(1),style:null})};return{layout,update}}
function told({k:k2,T:T2,deltas,credits,carousel}){let back=T2-k2,who=k2===1?"the symbol":"noise",when=back?`${back} ${back===1?"step":"steps"} before the end`:
"the last",factor=power(deltas[k2-1]-(deltas[k2]??0)),way=back?carousel?"each step’s factor is exactly 1":`J_{${k2+1}} leaves ${factor} of what step ${k2+1} w\
as told`:"δ is g, straight from the loss",ratio=credits[k2-1]-credits[T2-1],part=back?`, ${power(ratio)} ${ratio<0?"of":"times"} the last step’s`:"";return`S\
tep ${k2} (${who}), ${when}: ‖δ_{${k2}}‖ = ${power(deltas[k2-1])}; ${way}. Its credit is ${power(credits[k2-1])}${part}.`}function build(state,view){let measure=(text,weight=400)=>widthOf(
text,{...view.font,size:13,weight}),look=credit(),picture2=svg("svg",{class:"chart",role:"group",height:BARS.height,"aria-label":"The network unrolled, and the \
credit of each of its steps"}),values=state.read(),pointed=null,point=step=>{step!==pointed&&(pointed=step,update(values))},equation=formula(),network=unrolled(
picture2),columns=bars2(picture2,state,point,measure),sentence=html("p",{class:"sentence"}),ownNorm=draw=>naturalNorm(look({...values,draw}).drawn),update=given=>{
given!==values&&(pointed=null),values=given;let now=look({...values,step:pointed??values.step});equation.update(now);let at=network.update(now);columns.update(now,
at,network.radius()),say(sentence,told(now))},another=view2=>{let{draw,s:s2}=view2.state,next=(draw+1)%DRAWS,natural=Math.abs(s2-ownNorm(draw))<1e-6;view2.change(
{draw:next,...natural?{s:ownNorm(next)}:{}})},controls2=view2=>controls(view2,{off:{s:view2.state.start==="carousel"},more:[button("Another draw",()=>another(view2)),
` ${view2.state.draw+1} of ${DRAWS}`]});return{pictures:[picture2,sentence],formula:equation.node,controls:controls2,layout(width){set(picture2,{width,viewBox:`\
0 0 ${width} ${BARS.height}`});let[first,last]=width<NARROW2?[52,width-22]:[62,width-30];network.layout(first,last,width),columns.layout(first,last,width),sentence.
style.minHeight=width<NARROW2?"":width<620?"4.35em":"2.9em"},update,summary:values2=>told(look(values2)).replace(/[_{}]/g,"")}}function say(node,text){node.dataset.
said!==text&&(node.dataset.said=text,node.replaceChildren(...inline2(text)))}var credit_default=framed(build);export{credit_default as default};
