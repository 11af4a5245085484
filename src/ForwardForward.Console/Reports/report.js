// Values under the pointer.
const values = document.getElementById('values');
const text = (chart, y) => chart.percent ? (100 * y).toFixed(2) + ' %' : y >= 1000 ? Math.round(y).toLocaleString('en') : y.toFixed(3);
for (const svg of document.querySelectorAll('svg.chart')) {
  const chart = JSON.parse(svg.dataset.chart), pointer = svg.querySelector('.pointer');
  const hide = () => { values.style.display = 'none'; pointer.style.visibility = 'hidden'; };
  svg.addEventListener('pointerleave', hide);
  svg.addEventListener('pointermove', event => {
    const box = svg.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width - chart.left) / (chart.right - chart.left);
    if (0 > share || share > 1) { hide(); return; }
    const x = chart.from + share * (chart.to - chart.from);
    const nearest = chart.series.map(line => [line.name, line.points.reduce((best, point) => Math.abs(best[0] - x) > Math.abs(point[0] - x) ? point : best)]);
    values.textContent = nearest.map(([name, point]) => name + '  ' + text(chart, point[1])).concat(nearest[0][1][0].toFixed(1) + ' ' + chart.unit).join('\n');
    const at = svg.viewBox.baseVal.width * (chart.left + share * (chart.right - chart.left));
    pointer.setAttribute('x1', at);
    pointer.setAttribute('x2', at);
    pointer.style.visibility = 'visible';
    values.style.display = 'block';
    values.style.left = Math.min(event.clientX + 14, innerWidth - values.offsetWidth - 8) + 'px';
    values.style.top = event.clientY + 14 + 'px';
  });
}
