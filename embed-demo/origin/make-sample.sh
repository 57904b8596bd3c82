#!/usr/bin/env bash
# Draws the sample from nothing: 24 s of dusk that end where they began, a clock in the picture, a tone for each second.
# Wants ffmpeg 5.1 and DejaVu (`apt-get install ffmpeg fonts-dejavu-extra`). The captions beside it are written by hand.
set -euo pipefail
cd "$(dirname "$0")/sample"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() { nice ffmpeg -hide_banner -loglevel error -nostdin -y "$@"; }

# --- The picture: one field of light from 0, deep indigo, to 1, cream. Whatever moves does so in whole turns.
turn='(2*PI*T/24)'
hill() { printf 'st(0,lerp(ld(0),%s,clip((Y-H*(%s))/1.3,0,1)));' "$1" "$2"; }
sky='st(0,lerp(0.30,0.86,pow(clip(Y/(H*0.66),0,1),1.25)));'
sun="st(1,hypot(X-W*(0.70+0.09*cos($turn)),Y-H*(0.36+0.07*sin($turn))));"
sun+='st(0,ld(0)+(1-ld(0))*0.55*exp(-pow(ld(1)/(H*0.30),2)));'
sun+='st(0,lerp(ld(0),1,clip((H*0.135-ld(1))/1.3,0,1)));'
hills=$(
  hill '0.66+0.10*(Y/H-0.6)' "0.60+0.035*sin(10.1*X/W+1.1)*cos($turn)+0.03*sin(14.5*X/W+$turn)"
  hill '0.46+0.35*(Y/H-0.7)' "0.70+0.045*sin(6.9*X/W+2.6-$turn)+0.02*sin(18.2*X/W-$turn)"
  hill '0.27+0.30*(Y/H-0.8)' "0.80+0.045*sin(5*X/W+0.4-2*$turn)+0.016*sin(13.2*X/W-2*$turn)"
  hill '0.10+0.10*(Y/H-0.9)' "0.915+0.03*sin(4.4*X/W+4-3*$turn)"
)
# A line along the foot is as long as the time that passed, for whoever reads pixels instead of digits.
foot='st(0,if(gte(Y,H-4),if(lt(X,W*T/24),0.95,0.22),ld(0)));'
palette="r='0/0.075 0.3/0.205 0.5/0.44 0.7/0.78 0.86/0.945 1/0.995'"
palette+=":g='0/0.065 0.3/0.190 0.5/0.36 0.7/0.60 0.86/0.84 1/0.965'"
palette+=":b='0/0.165 0.3/0.420 0.5/0.52 0.7/0.60 0.86/0.735 1/0.885'"
# The thousandths keep a frame that begins at a tenth from being cut down to the tenth before it.
clock='%{eif\:t/60+0.0001\:d\:2}\:%{eif\:mod(t\,60)+0.001\:d\:2}.%{eif\:mod(t*10+0.01\,10)\:d}'
font=/usr/share/fonts/truetype/dejavu/DejaVuSans-ExtraLight.ttf
digits="drawtext=fontfile=$font:text='$clock':fontsize=74:fontcolor=0xfdf3df:borderw=1:bordercolor=0xfdf3df:x=34:y=34"

run -f lavfi -i "color=s=640x360:r=24:d=24,format=gray16,geq=lum='$sky$sun$hills${foot}65535*ld(0)'" \
  -vf "format=gbrp16,curves=$palette,$digits,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p" \
  -c:v libx264 -qp 0 -preset ultrafast "$work/drawn.mkv"

# No frame refers to a later one: with B-frames a part could not be cut off at every half second.
encode() {
  local name=$1 size=$2 rate=$3 level=$4 pass
  for pass in 1 2; do
    run -i "$work/drawn.mkv" -an -vf "scale=$size:flags=lanczos" -c:v libx264 -preset veryslow -profile:v main -level "$level" \
      -b:v "${rate}k" -maxrate "$((rate * 3 / 2))k" -bufsize "$((rate * 2))k" -pass $pass -passlogfile "$work/$name" \
      -g 48 -keyint_min 48 -sc_threshold 0 -bf 0 -flags +cgop+bitexact -fflags +bitexact \
      -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv \
      -video_track_timescale 24000 -use_editlist 0 -frag_duration 500000 \
      -movflags +empty_moov+default_base_moof+skip_trailer -map_metadata -1 \
      -f mp4 "$([ $pass = 1 ] && echo /dev/null || echo "$name.mp4")"
  done
}
encode 360p 640x360 245 3.0
encode 180p 320x180 88 1.3

# --- The sound: a low pentatonic tone a second, up and down once in the whole, silent where it changes.
step='round(4+4*sin(2*PI*floor(t)/24))'
semitones="(12*floor($step/5)+2*mod($step,5)+gte(mod($step,5),3))"
phase="(2*PI*110*pow(2,$semitones/12)*t)"
tone="0.16*pow(sin(PI*mod(t,1)),2)*(sin($phase)+0.35*sin(2*$phase)+0.12*sin(3*$phase))"
# Three times round, of which the middle is taken: 24 s are exactly 1125 frames of AAC, and its first frame
# overlaps with what its last one prepared.
run -f lavfi -i "aevalsrc='$tone':s=48000:c=mono:d=72" -c:a aac -b:a 48k -fflags +bitexact -flags +bitexact "$work/thrice.m4a"
halves=$(seq -s , 0.5 0.5 23.5)
run -ss 24 -t 24 -i "$work/thrice.m4a" -map 0 -c copy -map_metadata -1 -fflags +bitexact \
  -f segment -segment_format mp4 -segment_times "$halves" -individual_header_trailer 0 -segment_header_filename "$work/init.mp4" \
  -segment_format_options use_editlist=0:movflags=+frag_custom+empty_moov+default_base_moof+skip_trailer "$work/%02d.m4s"
cat "$work/init.mp4" "$work"/??.m4s >audio.mp4
ls -l
