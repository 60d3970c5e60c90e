import { describeDatabase } from '../../../contracts/database.ts';

describeDatabase('postgres');
