export const dynamic = "force-dynamic";

/** 50 rows of what a list of models shows, from memory. */
export default function Page() {
  const rows = Array.from({ length: 50 }, (_, i) => ({
    name: `model-${i}`,
    unit: `Unit ${i % 40}`,
    tier: (i % 4) + 1,
  }));
  return (
    <table>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>{row.name}</td>
            <td>{row.unit}</td>
            <td>Tier {row.tier}</td>
            <td>live</td>
            <td>mlflow</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
