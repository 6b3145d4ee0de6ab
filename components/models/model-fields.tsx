"use client";
import { SelectField } from "@/components/ui/field";
import { kindName, modelKinds, servingName, servingTypes } from "@/lib/models/model";

type Facets = {
  units: readonly { slug: string; name: string }[];
  useCases: readonly { ref: string; name: string }[];
  people: readonly { email: string; name: string }[];
};

/** The fields that registering and claiming share: where the model belongs, who answers for it, what it is. */
export function ModelFields({
  facets,
  model,
  ownerHint,
}: {
  facets: Facets;
  model?: {
    unit?: string | null;
    kind?: string | null;
    serving?: string | null;
    useCase?: string | null;
    backup?: string | null;
  };
  ownerHint: string;
}) {
  const people = facets.people.map((p) => ({ value: p.email, label: p.name }));
  return (
    <>
      <SelectField
        name="businessUnit"
        label="Business unit"
        defaultValue={model?.unit ?? ""}
        options={facets.units.map((u) => ({ value: u.slug, label: u.name }))}
      />
      <SelectField name="owner" label="Owner" optional blank="Me" hint={ownerHint} options={people} />
      <SelectField
        name="backupOwner"
        label="Deputy"
        optional
        blank="Nobody yet"
        hint="Answers while the owner is away."
        defaultValue={model?.backup ?? ""}
        options={people}
      />
      <SelectField
        name="kind"
        label="Kind"
        defaultValue={model?.kind ?? ""}
        options={modelKinds.map((value) => ({ value, label: kindName[value] }))}
      />
      <SelectField
        name="servingType"
        label="Serving"
        defaultValue={model?.serving ?? ""}
        options={servingTypes.map((value) => ({ value, label: servingName[value] }))}
      />
      <SelectField
        name="useCase"
        label="Use case"
        optional
        blank="None yet"
        defaultValue={model?.useCase ?? ""}
        options={facets.useCases.map((c) => ({ value: c.ref, label: `${c.name} (${c.ref})` }))}
      />
    </>
  );
}
