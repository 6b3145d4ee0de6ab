import { SelectField, TextArea, TextField } from "@/components/ui/field";
import { type AssetRow, assetKindName, assetKinds, dataClasses, dataClassName } from "@/lib/assets/asset";
import { platformName, platforms } from "@/lib/models/model";

/** The fields of an asset, to enter one or to edit `asset`. The kind stays. */
export function AssetFields({
  units,
  people,
  asset,
}: {
  units: readonly { slug: string; name: string }[];
  people: readonly { email: string; name: string }[];
  asset?: AssetRow;
}) {
  return (
    <>
      {asset ? null : (
        <SelectField
          name="kind"
          label="Kind"
          options={assetKinds.map((value) => ({ value, label: assetKindName[value] }))}
        />
      )}
      <TextField name="name" label="Name" mono maxLength={200} defaultValue={asset?.name} autoComplete="off" />
      <TextArea
        name={asset ? "description:text" : "description"}
        label="Description"
        voice="record"
        optional
        maxLength={4000}
        defaultValue={asset?.description}
      />
      <SelectField
        name={asset ? "dataClass:null" : "dataClass"}
        label="Data class"
        optional
        blank="Not classed"
        hint="Of the most sensitive field in it."
        defaultValue={asset?.dataClass ?? ""}
        options={dataClasses.map((value) => ({ value, label: dataClassName[value] }))}
      />
      <SelectField
        name="platform"
        label="Platform"
        defaultValue={asset?.platform ?? ""}
        options={platforms.map((value) => ({ value, label: platformName[value] }))}
      />
      <TextField
        name={asset ? "location:text" : "location"}
        label="Location"
        hint="Table, path or address."
        optional
        mono
        maxLength={2000}
        defaultValue={asset?.location}
      />
      <SelectField
        name="businessUnit"
        label="Business unit"
        defaultValue={asset?.unit ?? ""}
        options={units.map((u) => ({ value: u.slug, label: u.name }))}
      />
      <SelectField
        name={asset ? "owner:null" : "owner"}
        label="Owner"
        optional
        blank={asset ? "Nobody" : "Me"}
        defaultValue={asset?.owner?.email ?? ""}
        options={people.map((p) => ({ value: p.email, label: p.name }))}
      />
    </>
  );
}
