// Products and their variants.
import { pageOfArray } from '../lists.ts'
import { gid } from '../records.ts'
import type { Product as ProductRecord, Variant } from '../records.ts'
import { metafieldFields } from './metafields.ts'
import { decimal, fieldsOf, instant, money } from './types.ts'

const STOCK = 40

export const Product = fieldsOf<ProductRecord>({
  id: ({ id }) => gid('Product', id),
  legacyResourceId: ({ id }) => String(id),
  description: ({ description }, { truncateAt }) =>
    typeof truncateAt === 'number' ? description.slice(0, truncateAt) : description,
  productType: ({ type }) => type,
  status: () => 'ACTIVE',
  createdAt: ({ createdAt }) => instant(createdAt),
  updatedAt: ({ updatedAt }) => instant(updatedAt),
  publishedAt: ({ createdAt }) => instant(createdAt),
  totalInventory: ({ variants }) => STOCK * variants.length,
  priceRangeV2: ({ variants }, _args, { shop }) => {
    const prices = variants.map(({ cents }) => cents)
    return {
      minVariantPrice: money(Math.min(...prices), shop.currency),
      maxVariantPrice: money(Math.max(...prices), shop.currency),
    }
  },
  onlineStoreUrl: ({ handle }, _args, { origin }) => `${origin}/products/${handle}`,
  isGiftCard: () => false,
  hasOnlyDefaultVariant: ({ variants }) => variants.length === 1,
  variants: ({ variants }, args) => pageOfArray(variants, args),
  variantsCount: ({ variants }) => ({ count: variants.length, precision: 'EXACT' }),
  ...metafieldFields<ProductRecord>(({ id }) => gid('Product', id)),
})

export const ProductVariant = fieldsOf<Variant>({
  id: ({ id }) => gid('ProductVariant', id),
  legacyResourceId: ({ id }) => String(id),
  displayName: ({ productId, title }, _args, { shop }) => `${shop.products.get(productId)?.title} - ${title}`,
  barcode: () => null,
  price: ({ cents }) => decimal(cents),
  compareAtPrice: () => null,
  inventoryQuantity: () => STOCK,
  availableForSale: () => true,
  taxable: () => true,
  createdAt: ({ productId }, _args, { shop }) => instant(shop.products.get(productId)?.createdAt ?? null),
  updatedAt: ({ productId }, _args, { shop }) => instant(shop.products.get(productId)?.updatedAt ?? null),
  product: ({ productId }, _args, { shop }) => shop.products.get(productId),
  selectedOptions: ({ title }) => [{ name: title === 'Default Title' ? 'Title' : 'Size', value: title }],
  ...metafieldFields<Variant>(({ id }) => gid('ProductVariant', id)),
})
