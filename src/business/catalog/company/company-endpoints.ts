import { endpoint } from '../../tenancy/access/access.ts';
import { changeCompany, getCompany } from './company-service.ts';
import { companyChangesSchema, companySchema } from './profile.ts';

const tag = 'Company';

export const companyEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/company',
    needs: 'company:read',
    tag,
    summary: 'Read the profile',
    answers: { 200: companySchema },
    handle: ({ tx }) => getCompany(tx),
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/company',
    needs: 'company:write',
    tag,
    summary: 'Change the profile',
    description: 'Only what is named changes. Opening hours and bookings are read in the time zone.',
    body: companyChangesSchema,
    answers: { 200: companySchema },
    handle: ({ tx, actor, body, ifMatch }) => changeCompany(tx, actor, { changes: body, ifMatch }),
  }),
];
